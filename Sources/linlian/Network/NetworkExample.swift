/// The file that `linlian network example` prints, to be edited.
enum NetworkExample {
    static let yaml = """
        # The parties of one ledger. Edit, then: linlian network init --parties parties.yaml --out network
        # 同一账本的各方。修改后运行：linlian network init --parties parties.yaml --out network

        origin: example.org/happy-lane # the ledger's name in the world; it never changes 账本名称，永不更改
        name: 幸福里社区
        founder: jiedao # founds the ledger and keeps the list of etcd's users 创建方

        # One line for each party. All fields but id, name and kind may be left out:
        #   host              its machine as the others know it, a name or an address (127.0.0.1: all on this machine)
        #   node-port         pages, on the machine itself: a web server with a certificate stands before it (8080)
        #   peer-port         where other nodes ask (8440)
        #   etcd-client-port  its node talks to its own etcd member here, on the machine itself (23790)
        #   etcd-peer-port    etcd members talk to each other here (23890)
        #   member            false: runs no etcd member; then `via` names parties whose members its node may use
        #   observes          true: follows, verifies and cosigns, but cannot order anything 只监督，不提交
        #   cosigner          verifier key of a cosigner key that the party made itself, so that nobody else ever had it
        # On one machine the ports count up from party to party. Open to the other machines: peer-port, etcd-peer-port.
        parties:
          - {id: jiedao, name: 街道办事处, kind: subdistrict}
          - {id: dangzhibu, name: 社区党支部, kind: party-branch}
          - {id: juweihui, name: 居民委员会, kind: residents-committee}
          - {id: yeweihui, name: 业主委员会, kind: owners-committee}
          - {id: wuye, name: 物业服务企业, kind: property-manager}
          - {id: jianguan, name: 住建监管部门, kind: regulator, observes: true, member: false, via: [jiedao, juweihui]}

        # A block is final when so many parties of every group have cosigned it. 每组达到人数，区块即为最终。
        groups:
          public: {needed: 2, members: [jiedao, dangzhibu, juweihui]}
          owners: {needed: 2, members: [yeweihui, wuye, jianguan]}

        # Who acts for the parties. Without `key` a key is made, in the keys folder of the party's node.
        staff:
          - {party: jiedao, title: 街道社区治理办, roles: [delegate, registrar, convener, publisher, responder, moderator]}
          - {party: dangzhibu, title: 支部书记, roles: [delegate, publisher]}
          - {party: juweihui, title: 居委会主任, roles: [delegate, registrar, convener, publisher, responder, moderator]}
          - {party: yeweihui, title: 业委会主任, roles: [delegate, convener, publisher, moderator]}
          - {party: wuye, title: 物业项目经理, roles: [delegate, publisher, responder]}
          - {party: jianguan, title: 住建局物业科, roles: [delegate]}
        """
}
