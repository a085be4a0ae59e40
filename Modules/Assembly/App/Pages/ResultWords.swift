import AssemblyContract
import PageKit

/// A motion's result in words and lines, with the real numbers put into the rule.
struct ResultWords {
    private let wording: Wording

    init(_ wording: Wording) { self.wording = wording }

    /// The outcome and why, for the partial "verdict".
    func verdict(_ result: MotionResult) -> [String: Any] {
        let reason: String
        if let problem = result.problem {
            reason = wording.say(
                "assembly.reason.\(problem.dropFirst("assembly.".count)).message", else: problem)
        } else if result.passed {
            reason = wording.say("assembly.result.passedReason")
        } else if result.decision?.quorumMet == false {
            reason = wording.say("assembly.result.quorumReason")
        } else {
            reason = wording.say("assembly.result.failedReason")
        }
        return [
            "holds": result.passed, "word": wording.say("assembly.result.\(result.passed ? "passed" : "failed")"),
            "reason": reason,
        ]
    }

    /// The table beside the charts: whole and silent as shares of all, the choices as shares of those taking part.
    func rows(_ result: MotionResult) -> [[String: Any]] {
        let silent = Weight(
            heads: result.total.heads - result.participating.heads,
            area: result.total.area - result.participating.area)
        return [
            row("total", result.total, of: result.total), row("participating", result.participating, of: result.total),
            row("yes", result.yes, of: result.participating), row("no", result.no, of: result.participating),
            row("abstain", result.abstain, of: result.participating), row("notCast", silent, of: result.total),
        ]
    }

    private func row(_ kind: String, _ weight: Weight, of whole: Weight) -> [String: Any] {
        [
            "kind": kind, "label": wording.say("assembly.result.row.\(kind)"), "heads": Formats.count(weight.heads),
            "area": Formats.area(hundredths: weight.area),
            "headsShare": Formats.percentage(weight.heads, of: whole.heads),
            "areaShare": Formats.percentage(weight.area, of: whole.area),
        ]
    }

    /// The rule line by line, for the partial "reckoning". Empty where the numbers do not make a count.
    func reckoning(_ result: MotionResult) -> [[String: Any]] {
        if let consent = result.consent { return [equality(consent)] }
        guard let decision = result.decision else { return [] }
        return decision.lines.map { inequality($0, result.majority) }
    }

    private func inequality(_ line: AssemblyDecision.Line, _ majority: MajorityKind) -> [String: Any] {
        let sign = line.threshold.comparison.rawValue
        let areas = line.subject.isArea
        func number(_ value: Int64) -> String { areas ? Formats.hundredths(value) : Formats.count(value) }
        let left = number(Int64(clamping: line.left))
        let right = number(Int64(clamping: line.right))
        let formula =
            "\(line.threshold.denominator) × \(number(line.part)) \(sign) "
            + "\(line.threshold.numerator) × \(number(line.whole))"
        return [
            "name": wording.say("assembly.result.line.\(name(of: line.subject, majority))"), "formula": formula,
            "numbers": "\(left) \(line.holds ? sign : opposite(line.threshold.comparison)) \(right)",
            "holds": line.holds,
        ]
    }

    private func equality(_ consent: MotionResult.Consent) -> [String: Any] {
        let holds = consent.interested > 0 && consent.consenting == consent.interested
        return [
            "name": wording.say("assembly.result.line.unanimous"),
            "formula": wording.say(
                "assembly.result.consent",
                [
                    "consenting": Formats.count(consent.consenting), "interested": Formats.count(consent.interested),
                    "refusing": Formats.count(consent.refusing),
                ]),
            "numbers":
                "\(Formats.count(consent.consenting)) \(holds ? "=" : "≠") \(Formats.count(consent.interested))",
            "holds": holds,
        ]
    }

    /// What is true instead when a line does not hold.
    private func opposite(_ comparison: Threshold.Comparison) -> String {
        switch comparison {
        case .atLeast: "<"
        case .moreThan: "≤"
        }
    }

    private func name(of subject: AssemblyDecision.Line.Subject, _ majority: MajorityKind) -> String {
        switch subject {
        case .quorumArea: "quorumArea"
        case .quorumHeads: "quorumHeads"
        case .approvalArea: "\(majority.rawValue)Area"
        case .approvalHeads: "\(majority.rawValue)Heads"
        }
    }
}

extension AssemblyDecision.Line.Subject {
    /// Whether areas are compared, in 0.01 m², and not heads.
    fileprivate var isArea: Bool { self == .quorumArea || self == .approvalArea }
}
