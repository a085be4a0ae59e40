import ContractKit
package import RegistryContract

/// What a motion decides, by number: items 1 to 9 of Civil Code article 278, or 279 for turning a home into business
/// premises.
package enum MotionSubject: Hashable, Sendable {
    /// An item of article 278: decided by a majority of heads and area.
    case item(MotionMatter)
    /// Article 279: every other owner of the building must consent.
    case conversion

    /// The number in bodies, rows and events of a conversion.
    package static let conversionNumber: Int64 = 279

    /// The subject with this number; nil for any other number.
    package init?(number: Int64) {
        if number == MotionSubject.conversionNumber {
            self = .conversion
        } else if let small = Int(exactly: number), let matter = MotionMatter(rawValue: small) {
            self = .item(matter)
        } else {
            return nil
        }
    }

    /// The number, 1 to 9 or 279.
    package var number: Int64 {
        switch self {
        case .item(let matter): Int64(matter.rawValue)
        case .conversion: MotionSubject.conversionNumber
        }
    }

    /// What it takes to carry the motion.
    package var majority: MajorityKind {
        switch self {
        case .item(let matter): matter.majority == .special ? .special : .ordinary
        case .conversion: .unanimous
        }
    }
}

/// The three ways to decide.
package enum MajorityKind: String, Sendable, Hashable, CaseIterable {
    /// More than half of the participating heads and area 过半数.
    case ordinary
    /// At least three quarters of the participating heads and area 四分之三以上.
    case special
    /// Consent of every interested owner (article 279).
    case unanimous
}

/// Whether an owner may change the ballot of a unit.
package enum ChangePolicy: String, Sendable, Hashable, CaseIterable {
    /// The first ballot stands.
    case none
    /// It may be replaced once.
    case once
}

extension RollScope {
    /// The word for the whole estate; no building with this id can be a scope.
    static let estateWord = "estate"

    /// The scope named `estate` or by a building's id.
    package init(word: String) {
        self = word == RollScope.estateWord ? .estate : .building(word)
    }

    /// `estate` or the building's id.
    package var word: String {
        switch self {
        case .estate: RollScope.estateWord
        case .building(let id): id
        }
    }

    /// Whether a unit of this building belongs to the scope.
    func includes(building: String) -> Bool {
        switch self {
        case .estate: true
        case .building(let id): id == building
        }
    }
}

extension Fields {
    /// A motion's matter: 1 to 9 or 279.
    mutating func matter(_ key: StaticString) throws(Reason) -> MotionSubject {
        let number = try integer(key, in: 1...MotionSubject.conversionNumber)
        guard let subject = MotionSubject(number: number) else { throw AssemblyReason.matter.at(path(of: key)) }
        return subject
    }

    /// A text for people with line breaks and no other control or text-direction characters.
    mutating func paragraphs(_ key: StaticString, bytes: ClosedRange<Int>) throws(Reason) -> String {
        let text = try string(key, bytes: bytes)
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: true)
        for line in lines where !Fields.isPlainLine(String(String.UnicodeScalarView(line))) {
            throw Reason.fieldRange.at(path(of: key))
        }
        return text
    }
}
