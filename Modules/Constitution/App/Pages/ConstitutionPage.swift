import ConstitutionContract
import ContractKit
import Hummingbird
import PageKit
import ReadModels

/// `/constitution`: parties with their roles and keys, rule values with their sources, proposals with their votes.
struct ConstitutionPage: Sendable {
    static let proposalsPerPage: Int64 = 20

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        let page = try page(Paging(request, size: ConstitutionPage.proposalsPerPage), wording)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ paging: Paging, _ wording: Wording) throws -> Page {
        let parties = try Parties.all(in: environment.state)
        let words = ConstitutionWords(wording, parties: parties, parameters: environment.parameters)
        let (total, proposals) = try environment.readModels.read { database in
            (
                try ConstitutionQueries.proposalCount(database),
                try ConstitutionQueries.proposals(database, limit: paging.size, offset: paging.offset)
            )
        }
        let needed = try votesNeeded(of: parties)
        var values: [String: Any] = [
            "figures": [
                wording.figure("constitution.figure.parties", "\(parties.count)"),
                wording.figure("constitution.figure.threshold", "\(needed.yes) / \(needed.voters)"),
                wording.figure(
                    "constitution.figure.version", "\(try Parameters.version(in: environment.state))"),
            ],
            "network": try network(parties, wording, words),
            "parties": parties.map { party($0, wording, words) },
            "parameters": try environment.parameters.map { try parameter($0, wording, words) },
            "proposals": proposals.map { proposal($0, needed: needed.yes, wording, words) },
        ]
        values["pagination"] = paging.context(path: "/constitution", total: total)
        return Page(title: wording.say("constitution.title"), templateName: "constitution", context: values)
    }

    /// Yes votes that a change needs, and the parties that can vote.
    private func votesNeeded(of parties: [PartyRow]) throws -> (yes: Int64, voters: Int64) {
        let voters = Int64(parties.count { $0.hasDelegate })
        let numerator = try Parameters.integer(ConstitutionParameters.thresholdNumerator, in: environment.state)
        let denominator = try Parameters.integer(ConstitutionParameters.thresholdDenominator, in: environment.state)
        // Strictly more than the share: at most 64 parties and terms up to 1,000 do not overflow.
        return (voters * numerator / denominator + 1, voters)
    }

    /// Who confirms the ledger: a sentence, and facts about the parties' nodes.
    private func network(
        _ parties: [PartyRow], _ wording: Wording, _ words: ConstitutionWords
    ) throws -> [String: Any] {
        let cosigning = parties.map(\.party).filter { $0.cosigner != nil }
        guard let network = try LedgerTables.network.find("current", in: environment.state) else {
            let names = wording.list(cosigning.map(\.name))
            return [
                "rule": cosigning.isEmpty
                    ? wording.say("constitution.network.nobody")
                    : wording.say("constitution.network.alone", ["party": names])
            ]
        }
        func names(_ members: [NetworkRow.Member]) -> String { wording.list(members.map { words.party($0.party) }) }
        let grouped = network.groups.flatMap(\.members)
        let ordering = network.members.filter { !$0.observes }
        let watching = network.members.filter(\.observes)
        let beside = network.members.filter { !grouped.contains($0.party) }
        let without = parties.map(\.party).filter { $0.cosigner == nil }
        var facts = [wording.fact("constitution.network.ordering", names(ordering))]
        if !watching.isEmpty { facts.append(wording.fact("constitution.network.watching", names(watching))) }
        if !beside.isEmpty { facts.append(wording.fact("constitution.network.beside", names(beside))) }
        if !without.isEmpty {
            facts.append(wording.fact("constitution.network.without", wording.list(without.map(\.name))))
        }
        return [
            "rule": wording.say("constitution.network.shared", ["groups": words.groups(network.groups)]),
            "shared": true, "facts": facts,
        ]
    }

    private func party(_ row: PartyRow, _ wording: Wording, _ words: ConstitutionWords) -> [String: Any] {
        let roles = Set(row.staff.flatMap(\.roles)).sorted().map(words.role)
        var keys: [[String: Any]] = []
        if let node = row.party.node {
            keys.append(["name": wording.say("constitution.key.node"), "digest": node, "short": node])
        }
        if let cosigner = row.party.cosigner {
            // name+hash+key: the first two parts tell keys apart.
            let parts = cosigner.split(separator: "+", maxSplits: 2)
            keys.append([
                "name": wording.say("constitution.key.cosigner"), "digest": cosigner,
                "short": parts.prefix(2).joined(separator: "+"),
            ])
        }
        var values: [String: Any] = [
            "name": row.party.name, "kind": words.kind(row.party.kind), "keys": keys,
        ]
        if !roles.isEmpty { values["roles"] = wording.list(roles) }
        if row.party.cosigner != nil {
            values["pill"] =
                wording.pill(
                    .good, row.party.observes ? "constitution.state.observes" : "constitution.state.cosigns"
                ).context
        }
        return values
    }

    private func parameter(
        _ definition: ParameterDefinition, _ wording: Wording, _ words: ConstitutionWords
    ) throws -> [String: Any] {
        let set = try ConstitutionTables.parameters.find(definition.name, in: environment.state)
        var values: [String: Any] = [
            "key": definition.name, "name": words.parameterName(definition.name),
            "value": words.value(set?.value ?? definition.default, unit: definition.unit),
            "source": words.parameterSource(definition, recorded: set?.source),
            "version": set.map { "\($0.version)" } ?? wording.say("constitution.defaultVersion"),
        ]
        values["unit"] = words.unit(definition.unit)
        return values
    }

    private func proposal(
        _ proposal: ProposalRecord, needed: Int64, _ wording: Wording, _ words: ConstitutionWords
    ) -> [String: Any] {
        var votes = wording.say(
            "constitution.votes", ["yes": "\(proposal.yes.count)", "no": "\(proposal.no.count)"])
        if proposal.status == .open { votes += wording.say("constitution.votesNeeded", ["needed": "\(needed)"]) }
        let time = proposal.closed ?? proposal.time
        var values: [String: Any] = [
            "title": wording.say("constitution.proposalBy", ["party": words.party(proposal.party)]),
            "changes": words.changes(proposal.changes), "pill": words.pill(proposal.status).context, "votes": votes,
            "time": wording.say(
                proposal.closed == nil ? "constitution.proposedAt" : "constitution.closedAt",
                ["time": wording.momentText(time)]),
        ]
        if !proposal.yes.isEmpty { values["yes"] = wording.list(proposal.yes.map(words.party)) }
        if !proposal.no.isEmpty { values["no"] = wording.list(proposal.no.map(words.party)) }
        values["path"] = proposal.record.map(Wording.recordPath)
        return values
    }
}
