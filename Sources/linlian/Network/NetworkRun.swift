import Foundation
import NodeRuntime

/// A network on one machine: etcd members, users and nodes as programs of their own.
@MainActor
final class NetworkRun {
    private let folder: NetworkFolder
    private let plan: NetworkPlan
    private let parties: [NetworkPlan.Party]
    private var members: [(party: NetworkPlan.Party, process: ChildProcess)] = []
    private var nodes: [(party: NetworkPlan.Party, process: ChildProcess, address: String?)] = []
    private var isSilent = false
    private let started = ProcessInfo.processInfo.systemUptime

    /// Seconds that a step may take before it is given up.
    private static let patience = 60.0
    /// Between two looks.
    private static let pause = Duration.milliseconds(150)

    init(folder: NetworkFolder, plan: NetworkPlan, parties: [NetworkPlan.Party]) {
        self.folder = folder
        self.plan = plan
        self.parties = parties
    }

    /// Starts everything, says who is up, waits until it is told to stop or `seconds` are over, and ends everything.
    func run(seconds: Int?) async throws {
        try checkPorts()
        StopSignal.listen()
        do {
            try await start()
            try await watch(until: seconds.map { ProcessInfo.processInfo.systemUptime + Double($0) })
        } catch is Stopped {
        } catch {
            await stop()
            throw error
        }
        await stop()
        say("all ended")
    }

    /// Starts everything without a word, works, and ends everything.
    func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        isSilent = true
        try checkPorts()
        do {
            try await start()
            let result = try await body()
            await stop()
            return result
        } catch {
            // A program that ended by itself is the likelier reason.
            let ends = children.compactMap { $0.endReport() }
            await stop()
            throw ends.isEmpty ? error : Complaint("\(error)\n" + ends.joined(separator: "\n"))
        }
    }

    // MARK: starting

    private func start() async throws {
        try startMembers()
        try await waitForMembers()
        try await makeUsers()
        try startNodes()
        try await waitForNodes()
        showTable()
    }

    private func checkPorts() throws {
        for party in parties {
            let host = NetworkAddress.listening(party.host)
            for (name, port) in party.ports
            where !NetworkAddress.isFree(name == "node-port" ? NetworkPlan.thisMachine : host, port) {
                throw Complaint(
                    "\(port), the \(name) of \(party.id), is taken by another program (or cannot be listened on): end it, or "
                        + "change \(name) in parties.yaml and make the network again")
            }
        }
    }

    private func startMembers() throws {
        let own = parties.filter(\.member)
        guard !own.isEmpty else { return }
        let etcd = try ChildProcess.find("etcd", package: "etcd-server")
        for party in own {
            try folder.create("\(party.id)/logs")
            members.append(
                (
                    party,
                    try ChildProcess(
                        "etcd of \(party.id)", etcd, ["--config-file", "etcd.conf.yml"],
                        in: folder.etcd(party.id), log: log(of: party, "etcd"))
                ))
        }
        say("etcd: \(own.count) of \(plan.members.count) members started")
    }

    private func waitForMembers() async throws {
        guard !members.isEmpty else { return }
        let etcdctl = try ChildProcess.find("etcdctl", package: "etcd-client")
        let endpoints = members.map { NetworkAddress.joined(NetworkPlan.thisMachine, $0.party.etcdClientPort) }
        // Each is asked with its own node's certificate: whoever runs one party only has no other.
        for (at, member) in members.enumerated() {
            let tls = folder.node(member.party.id).path + "/tls/"
            try await until("etcd of \(member.party.id) is healthy", hint: etcdHint) {
                let asked = try ChildProcess(
                    "etcdctl", etcdctl,
                    [
                        "--endpoints", endpoints[at], "--cacert", "ca.pem", "--cert", "etcd.pem", "--key", "etcd.key",
                        "--command-timeout", "2s", "endpoint", "health",
                    ], in: tls, log: self.log(of: member.party, "health"))
                return try await self.succeeds(asked)
            }
        }
        say("etcd: healthy")
    }

    private var etcdHint: String {
        let needed = plan.members.count / 2 + 1
        return "\(needed) of \(plan.members.count) members must be up"
            + (members.count < needed ? "; \(members.count) run here, start the others too" : "")
    }

    /// The founder's script makes the users; whoever runs other parties only leaves that to the founder.
    private func makeUsers() async throws {
        guard let founder = parties.first(where: { $0.id == plan.founder }) else { return }
        try folder.create("\(founder.id)/logs")
        let script = try ChildProcess(
            "roles.sh", try ChildProcess.find("sh", package: "dash"), ["roles.sh"],
            in: folder.administration(founder.id), log: log(of: founder, "roles"))
        guard try await succeeds(script) else {
            throw Complaint("etcd's users could not be made; see \(script.log): \(script.lastLine() ?? "")")
        }
        say("etcd: users and roles")
    }

    private func startNodes() throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for party in parties {
            try folder.create("\(party.id)/logs")
            let node = try ChildProcess(
                "node of \(party.id)", program,
                ["serve", "--data", "node", "--port", "\(party.nodePort)"], in: folder.file(party.id),
                log: log(of: party, "node"))
            nodes.append((party, node, nil))
        }
    }

    private func waitForNodes() async throws {
        for at in nodes.indices {
            try await until("the node of \(nodes[at].party.id) answers", hint: "see \(nodes[at].process.log)") {
                let line = self.nodes[at].process.text().split(separator: "\n").first { $0.hasPrefix("address ") }
                self.nodes[at].address = line.map { String($0.dropFirst("address ".count)) }
                return line != nil || !self.nodes[at].process.isRunning
            }
            if let address = nodes[at].address { say("\(nodes[at].party.id) \(address)") }
        }
    }

    private func showTable() {
        guard !isSilent else { return }
        let width = (parties.map(\.id.count).max() ?? 0) + 2
        func row(_ cells: [String]) -> String {
            zip(cells, [width, 12, 10, 0]).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
                .joined()
        }
        print(row(["party", "etcd", "node", "pages"]))
        for (party, node, address) in nodes {
            let member = members.first { $0.party.id == party.id }
            let etcd = member.map { $0.process.isRunning ? "up" : "ENDED" } ?? "—"
            print(row([party.id, etcd, node.isRunning ? "up" : "ENDED", address ?? "see \(node.log)"]))
        }
        print("up after \(Int((ProcessInfo.processInfo.systemUptime - started).rounded(.up))) s; Ctrl-C ends all")
        fflush(nil)
    }

    // MARK: while it runs, and the end

    private func watch(until end: Double?) async throws {
        while !children.isEmpty {
            try await nap()
            if let end, ProcessInfo.processInfo.systemUptime >= end { return }
            reportEnds()
            guard children.contains(where: \.isRunning) else { throw Complaint("everything has ended by itself") }
        }
    }

    private var children: [ChildProcess] { nodes.map(\.process) + members.map(\.process) }

    private func reportEnds() {
        for child in children { if let report = child.endReport() { say(report) } }
    }

    /// Nodes first: they may still have something to say to etcd.
    private func stop() async {
        for (group, patience) in [(nodes.map(\.process), 15.0), (members.map(\.process), 2.0)] {
            for child in group { child.terminate() }
            let end = ProcessInfo.processInfo.systemUptime + patience
            while group.contains(where: \.isRunning), ProcessInfo.processInfo.systemUptime < end {
                try? await Task.sleep(for: NetworkRun.pause)
            }
            // etcd's leader waits for somebody to take over, and here nobody is left; what it has taken is on disk.
            for child in group { child.kill() }
        }
    }

    /// Somebody asked for the end.
    private struct Stopped: Error {}

    private func nap() async throws {
        try? await Task.sleep(for: NetworkRun.pause)
        if StopSignal.isReceived { throw Stopped() }
    }

    private func until(_ what: String, hint: String, _ isDone: () async throws -> Bool) async throws {
        let end = ProcessInfo.processInfo.systemUptime + NetworkRun.patience
        while try await !isDone() {
            try await nap()
            if let dead = members.compactMap({ $0.process.endReport() }).first { throw Complaint(dead) }
            guard ProcessInfo.processInfo.systemUptime < end else {
                throw Complaint("waited \(Int(NetworkRun.patience)) s until \(what), in vain: \(hint)")
            }
        }
    }

    private func succeeds(_ child: ChildProcess) async throws -> Bool {
        while child.isRunning { try await nap() }
        return child.hasSucceeded
    }

    private func log(of party: NetworkPlan.Party, _ name: String) -> String {
        NetworkRun.absolute(folder.file("\(party.id)/logs/\(name).log"))
    }

    /// Children are started in folders of their own.
    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private func say(_ line: String) {
        guard !isSilent else { return }
        let seconds = ProcessInfo.processInfo.systemUptime - started
        print(String(format: "%5.1f s  ", seconds) + line)
        fflush(nil)
    }
}
