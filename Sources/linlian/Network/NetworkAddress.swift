import Foundation

/// Names and addresses of machines.
enum NetworkAddress {
    /// The bytes of an IPv4 or IPv6 address; nil for a name.
    static func bytes(_ host: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, host, &bytes) == 1 { return bytes }
        }
        return nil
    }

    /// Whether it is an address or a name as in DNS.
    static func isHost(_ text: String) -> Bool {
        if bytes(text) != nil { return true }
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        // All figures and dots is an address that is wrong.
        guard labels.last?.contains(where: \.isLetter) == true else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || byte == 0x2D
                }
        }
    }

    /// Whether only the machine itself reaches it.
    static func isLoopback(_ host: String) -> Bool {
        guard let bytes = bytes(host) else { return host == "localhost" }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// `host:port`, an IPv6 address in brackets.
    static func joined(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Where to listen so that `host` is reached: etcd listens on addresses only, so a name means every one.
    static func listening(_ host: String) -> String {
        host == "localhost" ? NetworkPlan.thisMachine : bytes(host) == nil ? "0.0.0.0" : host
    }

    /// So many ports of this machine on which nothing listens now.
    static func freePorts(_ count: Int) throws -> [Int] {
        var found: [Int] = []
        // Below the range from which the system gives ports to outgoing connections.
        for port in (20_000..<32_000).shuffled() where isFree(NetworkPlan.thisMachine, port) {
            found.append(port)
            if found.count == count { return found }
        }
        throw Complaint("this machine has no free ports between 20000 and 32000")
    }

    /// Whether something listens on the port already.
    static func isFree(_ host: String, _ port: Int) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return true }
        defer { close(socket) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return true }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
