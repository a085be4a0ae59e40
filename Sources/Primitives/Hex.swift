/// Base 16 in lower case (RFC 4648 §8, but with one spelling only: upper case is refused, so that equal bytes have
/// equal text).
public enum Hex {
    /// The digits of `bytes` as text.
    public static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: bytes.count &* 2) { output in
            write(bytes, to: output)
            return bytes.count &* 2
        }
    }

    /// The digits of `bytes` as text.
    public static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { encode($0) }
    }

    /// The digits of `bytes` as ASCII bytes.
    public static func encodeBytes(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count &* 2) { output, count in
            bytes.withUnsafeBytes { write($0, to: output) }
            count = bytes.count &* 2
        }
    }

    /// The bytes written as `text`; nil for an odd length or anything but `0`–`9` and `a`–`f`.
    public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count & 1 == 0 else { return nil }
        var bad: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { output, count in
            count = text.count / 2
            values.withUnsafeBufferPointer { table in
                var index = 0
                while index < count {
                    let high = table[Int(text[index &* 2])]
                    let low = table[Int(text[index &* 2 &+ 1])]
                    bad |= high | low
                    output[index] = high &<< 4 | (low & 15)
                    index &+= 1
                }
            }
        }
        return bad < 16 ? bytes : nil
    }

    /// The bytes written as `text`; nil for an odd length or anything but `0`–`9` and `a`–`f`.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBytes { decode($0) }
    }

    /// The bytes written as `text`; nil for an odd length or anything but `0`–`9` and `a`–`f`.
    public static func decode(_ text: String) -> [UInt8]? {
        var copy = text
        return copy.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableBufferPointer<UInt8>) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            output[index &* 2] = digit(byte &>> 4)
            output[index &* 2 &+ 1] = digit(byte & 15)
            index &+= 1
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }

    /// The value of each ASCII digit; 0xFF for every other byte.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for value in 0..<16 { table[Int(digit(UInt8(value)))] = UInt8(value) }
        return table
    }()
}
