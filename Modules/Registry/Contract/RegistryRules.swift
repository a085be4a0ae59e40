import ConstitutionContract
package import ContractKit
import Primitives

extension ImportUnits {
    /// Brings the roll to what the rows say; a row that is there already costs one read.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(RegistryRoles.registrar)
        try check()
        var update = try RollUpdate(execution)
        var at = 0
        for row in rows {
            do throws(Reason) {
                try bring(row, &update, &execution)
            } catch {
                throw error.at("rows[\(at)]")
            }
            at += 1
        }
        update.write(to: &execution)
    }

    private func bring(
        _ row: ImportedUnit, _ update: inout RollUpdate, _ execution: inout Execution
    ) throws(Reason) {
        guard var old = try RegistryTables.units.find(row.unit, in: execution) else {
            let added = UnitRow(entry: row.entry, number: try update.nextNumber())
            try update.add(row.unit, row.entry, execution)
            RegistryTables.units.put(row.unit, added, in: &execution)
            RegistryTables.numbers.put("\(added.number)", NumberRow(unit: row.unit), in: &execution)
            execution.emit(UnitAdded(unit: row.unit, row: added))
            return
        }
        if old.entry == row.entry { return }
        try update.remove(row.unit, old.entry, execution)
        try update.add(row.unit, row.entry, execution)
        old.entry = row.entry
        RegistryTables.units.put(row.unit, old, in: &execution)
        execution.emit(UnitChanged(unit: row.unit, row: old))
    }
}

extension IssueCodes {
    /// Issues the codes; one that is issued already with the same expiry changes nothing.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(RegistryRoles.registrar)
        let days = try Parameters.integer(RegistryParameters.codeMaximumDays, in: execution)
        let latest = execution.time.advanced(byDays: days)
        var notices: [CodeNotice] = []
        var at = 0
        for code in codes {
            do throws(Reason) {
                guard code.expires > execution.time, code.expires <= latest else { throw RegistryReason.codeExpiry }
                if try issue(code, &execution) { notices.append(CodeNotice(expires: code.expires, owner: code.owner)) }
            } catch {
                throw error.at("codes[\(at)]")
            }
            at += 1
        }
        if !notices.isEmpty { execution.emit(CodesIssued(codes: notices)) }
    }

    /// Whether anything changed.
    private func issue(_ code: IssuedCode, _ execution: inout Execution) throws(Reason) -> Bool {
        var owner = try RegistryTables.owners.require(code.owner, in: execution, else: RegistryReason.ownerUnknown)
        guard !owner.holdings.isEmpty else { throw RegistryReason.ownerUnknown }
        let hash = code.codeHash.hex
        let row = CodeRow(expires: code.expires, owner: code.owner)
        if let known = try RegistryTables.codes.find(hash, in: execution) {
            if known == row { return false }
            guard known.owner == code.owner else { throw RegistryReason.codeKnown }
            guard !known.used else { throw RegistryReason.codeUsed }
        } else if let old = owner.code {
            RegistryTables.codes.remove(old, in: &execution)
        }
        RegistryTables.codes.put(hash, row, in: &execution)
        owner.code = hash
        RegistryTables.owners.put(code.owner, owner, in: &execution)
        return true
    }
}

extension Enrol {
    /// Uses the code up and opens the key.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let hash = code.hash.hex
        var row = try RegistryTables.codes.require(
            hash, in: execution, else: RegistryReason.codeUnknown.at("code"))
        guard !row.used else { throw RegistryReason.codeUsed.at("code") }
        guard execution.time < row.expires else { throw RegistryReason.codeExpired.at("code") }
        row.used = true
        RegistryTables.codes.put(hash, row, in: &execution)
        let binding = try ResidentAccounts.open(key, for: row.owner, usingUp: hash, &execution)
        execution.emit(Enrolled(binding: binding))
    }
}

extension OpenAccounts {
    /// Opens the keys, each for its owner's account or for a new account of its own.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(RegistryRoles.registrar)
        var bound: [AccountBinding] = []
        var count: Int64 = 0
        for account in accounts {
            do throws(Reason) {
                if let owner = account.owner {
                    bound.append(try ResidentAccounts.open(account.key, for: owner, usingUp: nil, &execution))
                } else {
                    try execution.openKey(account.key, roles: [RegistryRoles.resident])
                }
            } catch {
                throw error.at("accounts[\(count)]")
            }
            count += 1
        }
        execution.emit(AccountsOpened(bound: bound, count: count))
    }
}

extension CloseResidentKey {
    /// Closes the key, if it is a resident's.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(RegistryRoles.registrar)
        let row = try LedgerTables.keys.require(key, in: execution, else: RegistryReason.keyUnknown.at("key"))
        guard row.party == nil, row.roles == [RegistryRoles.resident]
        else { throw RegistryReason.keyNotResident.at("key") }
        guard row.active else { throw RegistryReason.keyClosed.at("key") }
        try execution.closeKey(key)
    }
}

/// Accounts of owners.
private enum ResidentAccounts {
    /// Opens a key for an owner's account, which is made if this is the owner's first key.
    static func open(
        _ key: PublicKey, for owner: String, usingUp code: String?, _ execution: inout Execution
    ) throws(Reason) -> AccountBinding {
        var row = try RegistryTables.owners.require(owner, in: execution, else: RegistryReason.ownerUnknown)
        let opened = try execution.openKey(
            key, account: row.account, number: row.accountNumber, roles: [RegistryRoles.resident])
        if row.account == nil {
            row.account = opened.account
            row.accountNumber = opened.number
            RegistryTables.accounts.put(opened.account, AccountRow(owner: owner), in: &execution)
        }
        if let code, row.code == code { row.code = nil }
        RegistryTables.owners.put(owner, row, in: &execution)
        return AccountBinding(account: opened.account, owner: owner)
    }
}
