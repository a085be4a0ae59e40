import ContractKit
import LedgerSamples
import LedgerTesting
import Primitives
import Testing

@testable import LedgerCore

/// The parts of the machine against models that are too simple to be wrong.
@Suite("State, index and queue against simple models")
struct ModelTests {
    private typealias Change = (hash: Digest, key: [UInt8], value: [UInt8]?)

    private func change(_ key: [UInt8], _ value: [UInt8]?) -> Change { (CryptoSHA256.hash(key), key, value) }

    @Test("The state store is a dictionary", arguments: [1, 2, 3])
    func stateStore(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let store = StateStore()
        var model: [[UInt8]: [UInt8]] = [:]
        for round in 0..<300 {
            var changes: [[UInt8]: [UInt8]?] = [:]
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let key = Array("table/\(Int.random(in: 0..<150, using: &random))".utf8)
                let value = random.chance(40) ? nil : (0..<Int.random(in: 0...40, using: &random)).map { UInt8($0) }
                changes.updateValue(value, forKey: key)
            }
            store.apply(changes.map { change($0.key, $0.value) })
            for (key, value) in changes { model[key] = value }
            #expect(store.count == model.count, "seed \(seed), round \(round)")
        }
        for number in 0..<150 {
            let key = Array("table/\(number)".utf8)
            #expect(store.read(key) == model[key], "seed \(seed)")
            #expect(store.contains(key) == (model[key] != nil), "seed \(seed)")
        }
        var seen: [[UInt8]: [UInt8]] = [:]
        store.forEach { #expect(seen.updateValue(Array($1), forKey: Array($0)) == nil) }
        #expect(seen == model, "seed \(seed)")
    }

    @Test("The overlay takes back what was not kept", arguments: [4, 5, 6])
    func overlay(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let base = StateStore()
        var model: [[UInt8]: [UInt8]] = [:]
        for number in 0..<40 {
            model[[UInt8(number)]] = [UInt8(number)]
        }
        base.apply(model.map { change($0.key, $0.value) })
        let committed = model
        let overlay = BlockOverlay(base: base)
        for round in 0..<400 {
            var trial = model
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let key = [UInt8.random(in: 0..<60, using: &random)]
                let value: [UInt8]? = random.chance(40) ? nil : [UInt8.random(in: 0...255, using: &random)]
                overlay.write(key, value)
                trial[key] = value
                #expect(overlay.read(key) == value, "seed \(seed), round \(round)")
            }
            if random.chance(50) {
                overlay.keep()
                model = trial
            } else {
                overlay.takeBack()
            }
            for key in 0..<UInt8(60) { #expect(overlay.read([key]) == model[[key]], "seed \(seed), round \(round)") }
        }
        var applied = committed
        for change in overlay.changes { applied[change.key] = change.value }
        #expect(applied == model, "seed \(seed)")
        for key in 0..<UInt8(60) { #expect(base.read([key]) == committed[[key]]) }
    }

    @Test("A row read before is read anew once it was written, kept or taken back", arguments: [11, 12])
    func rows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let overlay = BlockOverlay(base: StateStore())
        var model: [[UInt8]: Int64] = [:]
        for round in 0..<400 {
            var trial = model
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let key = [UInt8.random(in: 0..<20, using: &random)]
                #expect(try overlay.row(key, as: CountRow.self)?.count == trial[key], "seed \(seed), round \(round)")
                let count: Int64? = random.chance(30) ? nil : Int64.random(in: 0...1_000, using: &random)
                overlay.write(key, count.map { CountRow(count: $0).canonicalJSON })
                trial[key] = count
                #expect(try overlay.row(key, as: CountRow.self)?.count == count, "seed \(seed), round \(round)")
            }
            if random.chance(50) {
                overlay.keep()
                model = trial
            } else {
                overlay.takeBack()
            }
            for key in 0..<UInt8(20) {
                let row = try overlay.row([key], as: CountRow.self)
                #expect(row?.count == model[[key]], "seed \(seed), round \(round)")
            }
        }
        overlay.write([1], CountRow(count: 1).canonicalJSON)
        _ = try overlay.row([1], as: CountRow.self)
        // Read as something else it is not taken for what was read before.
        #expect(throws: Reason.stateDamaged) { try overlay.row([1], as: DueEntry.self) }
    }

    @Test("A known key is answered as the state holds it now: closed, removed, and taken back")
    func knownKeys() throws {
        let state = StateStore()
        let key = try SampleSigner.key(0).publicKey
        let stateKey = LedgerTables.keys.key(Base64.url.encode(key.keyID.bytes))
        var row = KeyRow(account: "a1", number: 1, party: nil, key: key, roles: ["resident"])
        state.apply([change(stateKey, row.canonicalJSON)])
        let keys = KnownKeys()
        #expect(try keys.find(key.keyID, in: state)?.row.active == true)
        #expect(try keys.find(key.keyID, in: state)?.caller.account == "a1")

        let overlay = BlockOverlay(base: state)
        row.active = false
        overlay.write(stateKey, row.canonicalJSON)
        #expect(try keys.find(key.keyID, in: overlay)?.row.active == false)
        // What a block under way has done is not yet so for the gate, and the other way round.
        #expect(try keys.find(key.keyID, in: state)?.row.active == true)
        overlay.takeBack()
        #expect(try keys.find(key.keyID, in: overlay)?.row.active == true)
        overlay.write(stateKey, nil)
        #expect(try keys.find(key.keyID, in: overlay) == nil)
        state.apply([change(stateKey, row.canonicalJSON)])
        #expect(try keys.find(key.keyID, in: state)?.row.active == false)
        #expect(try keys.find(SampleSigner.key(1).publicKey.keyID, in: state) == nil)
    }

    @Test("A key that is no point of the curve checks nothing, and the refusal says so")
    func keyOffTheCurve() throws {
        let ledger = try SampleLedger.founded()
        let key = try PublicKey(.es256, [4] + [UInt8](repeating: 7, count: 64))
        let row = KeyRow(account: "a9", number: 9, party: nil, key: key, roles: ["resident"])
        let stateKey = LedgerTables.keys.key(Base64.url.encode(key.keyID.bytes))
        ledger.machine.state.apply([change(stateKey, row.canonicalJSON)])
        var signer = SampleSigner()
        let text = try signer.sign(Post(id: "a", title: "t"), by: [ledger.phone])
        let line = SignatureLine(algorithm: .es256, keyID: key.keyID, signature: text.signatures[0].signature)
        let forged = TransactionText(signatures: [line], payload: text.payload)
        #expect(throws: Reason("signature.invalid")) {
            try Admission(ledger.machine).admit(forged, now: SampleSigner.start.advanced(byMilliseconds: 60_000))
        }
    }

    @Test("The transaction index finds every id, also when ids fall into one slot", arguments: [7, 8])
    func index(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let index = TransactionIndex()
        var model: [Digest: UInt64] = [:]
        var order: [Digest] = []
        for _ in 0..<200 {
            var batch: [(id: Digest, leaf: UInt64)] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                // Half of the ids begin alike, so that they meet in the table.
                let first = random.chance(50) ? 7 : random.next()
                let id = random.chance(5) && !order.isEmpty ? random.pick(order) : Digest(first, random.next(), 0, 0)
                let leaf = UInt64(model.count * 3 + 1)
                batch.append((id, leaf))
                if model[id] == nil {
                    model[id] = leaf
                    order.append(id)
                }
            }
            index.insert(batch)
            #expect(index.count == model.count, "seed \(seed)")
        }
        for (id, leaf) in model { #expect(index.leaf(of: id) == leaf, "seed \(seed)") }
        for number in 0..<500 { #expect(index.leaf(of: Digest(7, 0, UInt64(number), 1)) == nil) }
        let page = index.page(before: order.count - 5, count: 20)
        #expect(page.map(\.id) == order.dropLast(5).suffix(20).reversed(), "seed \(seed)")
        #expect(page.map(\.ordinal) == Array((order.count - 25..<order.count - 5).reversed()))
        #expect(index.page(before: .max, count: 3).map(\.id) == order.suffix(3).reversed())
        #expect(index.page(before: 2, count: 10).count == 2)
        #expect(index.page(before: -4, count: 10).isEmpty)
    }

    @Test("The due queue is a sorted list", arguments: [9, 10])
    func dueQueue(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = DueQueue()
        var model: [[UInt8]: DueEntry] = [:]
        for round in 0..<500 {
            let time = Instant(milliseconds: Int64.random(in: 0...2_000, using: &random))
            let entry = DueEntry(action: random.pick(["a.b", "c.d"]), id: "\(random.next() % 9)", time: time)
            switch random.next() % 4 {
            case 0:
                let key =
                    model.isEmpty ? entry.key : random.pick(model.keys.sorted { $0.lexicographicallyPrecedes($1) })
                queue.apply(key, nil)
                model[key] = nil
            case 1: queue.apply(Array("registry/unit/1".utf8), entry.canonicalJSON)
            default:
                queue.apply(entry.key, entry.canonicalJSON)
                model[entry.key] = entry
            }
            let sorted = model.keys.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(queue.entries.map(\.key) == sorted, "seed \(seed), round \(round)")
            #expect(queue.next == model.values.map(\.time).min(), "seed \(seed), round \(round)")
            let due = queue.due(at: time, limit: 7).map(\.key)
            #expect(
                due == Array(sorted.filter { model[$0].map { $0.time <= time } ?? false }.prefix(7)), "seed \(seed)")
        }
    }
}
