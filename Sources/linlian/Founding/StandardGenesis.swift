/// The genesis of `linlian init` without a file, and of the demo: six parties of one estate.
enum StandardGenesis {
    /// YAML of a ledger with the six parties of a Chinese estate; `parameters` is put at the end.
    static func yaml(name: String, parameters: String = "") -> String {
        """
        name: \(name)
        founder: jiedao
        parties:
          - {id: jiedao, name: 街道办事处, kind: subdistrict}
          - {id: dangzhibu, name: 社区党支部, kind: party-branch}
          - {id: juweihui, name: 居民委员会, kind: residents-committee}
          - {id: wuye, name: 物业服务企业, kind: property-manager}
          - {id: yeweihui, name: 业主委员会, kind: owners-committee}
          - {id: shehuizuzhi, name: 社会组织, kind: social-organisation}
        staff:
          - {party: jiedao, title: 街道社区治理办, roles: [delegate, registrar, convener, publisher, responder, moderator, supervisor]}
          - {party: dangzhibu, title: 支部书记, roles: [delegate, publisher, supervisor]}
          - {party: juweihui, title: 居委会主任, roles: [delegate, registrar, convener, publisher, responder, moderator, supervisor]}
          - {party: wuye, title: 物业项目经理, roles: [delegate, publisher, responder]}
          - {party: yeweihui, title: 业委会主任, roles: [delegate, convener, publisher, moderator, supervisor]}
          - {party: shehuizuzhi, title: 社工督导, roles: [delegate, publisher]}
        \(parameters)
        """
    }
}
