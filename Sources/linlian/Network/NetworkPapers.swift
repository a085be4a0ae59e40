/// What `linlian network init` writes for people.
struct NetworkPapers {
    let plan: NetworkPlan

    /// Where to copy what.
    var readme: String {
        """
        # \(plan.origin)

        ## 怎么安装

        1. 先检查 `policy` 和 `parties.yaml`：谁参加、几方同意才算最终。
        2. 把每一方的文件夹复制到它自己的机器 `\(SystemdUnits.home)`，只给那一方，别人不能看：里面有它的密钥。
        3. 每台机器安装 `etcd-server`、`etcd-client` 和 `linlian`；停用系统自带的 etcd：`systemctl disable --now etcd`。
        4. 建用户并启动（命令见下），在防火墙上只对其他各方的机器开放下表的端口。
        5. 大多数 etcd 成员启动后，由 \(plan.founder) 运行一次 `administration/roles.sh`。
        6. 把 `policy` 公开给居民：他们用它核对收据。
        7. 把 `authority/` 存到离线的介质，锁好，然后从这台机器删除；各方收到自己的文件夹后，删除这里的副本。

        在一台机器上试用：`linlian network up --network .`

        ## What to copy where

        1. Read `policy` and `parties.yaml` first: who takes part, and how many must agree.
        2. Copy each party's folder to `\(SystemdUnits.home)` on its own machine, to nobody else: it holds that party's keys.
        3. On every machine: install `etcd-server`, `etcd-client` and `linlian`, and switch the system's own etcd off:
           `systemctl disable --now etcd`.
        4. Make the user and start (below). In the firewall open the ports of the table, to the other parties' machines only.
        5. When most etcd members are up, \(plan.founder) runs `administration/roles.sh` once.
        6. Publish `policy`: residents check receipts with it.
        7. Take `authority/` offline and lock it away; delete it here, and each party's folder once the party has it.

        To try it on one machine: `linlian network up --network .`

        ```
        useradd --system --home \(SystemdUnits.home) linlian
        chown -R linlian: \(SystemdUnits.home)
        cp \(SystemdUnits.home)/systemd/*.service /etc/systemd/system/
        systemctl daemon-reload
        systemctl enable --now linlian-etcd linlian-node
        ```

        | party 参与方 | machine 机器 | open to the other machines 对其他各方开放 | pages, on the machine itself 网页（本机） |
        |---|---|---|---|
        \(plan.parties.map(portsRow).joined(separator: "\n"))

        | file 文件 | what 内容 |
        |---|---|
        | `runbook.md` | day to day and emergencies 日常与应急 |
        | `threat-model.md` | who can do what harm 谁能造成什么危害 |
        | `policy` | for residents, public 公开给居民 |
        | `authority/` | keys that make certificates, offline 签发证书的密钥，离线保存 |
        | `<party>/node/` | the node: keys, ledger, `network.json` 节点 |
        | `<party>/etcd/` | the etcd member etcd 成员 |
        | `\(plan.founder)/administration/` | etcd's administrator etcd 管理员 |

        Whoever ran `linlian network init` has seen every key. Parties that do not want that make their cosigner key themselves
        (`cosigner:` in parties.yaml) and their staff's (`key:`), and ask for nothing but certificates.

        """
    }

    private func portsRow(_ party: NetworkPlan.Party) -> String {
        var open = ["\(party.peerPort) (node)"]
        if party.member { open.append("\(party.etcdPeerPort) (etcd)") }
        if plan.lendsMember(party) {
            let guests = plan.parties.filter { $0.via.contains(party.id) }.map(\.id)
            open.append("\(party.etcdClientPort) (etcd, \(guests.joined(separator: ", ")))")
        }
        return "| \(party.id) | \(party.host) | \(open.joined(separator: ", ")) | \(party.nodePort) |"
    }

    /// Who can do what harm.
    var threatModel: String {
        """
        # Who can do what harm

        Two things keep this ledger honest, and neither is etcd. Every act is signed by who acts. A block is final only when so
        many parties of every group in `policy` have cosigned it, and no honest node ever cosigns two histories. Receipts prove
        both; `linlian verify` checks them without asking anyone.

        ## A thief of …

        | … this key | can | cannot |
        |---|---|---|
        | a staff key (`node/keys/<party>.key`) | act for that person until the parties close the key | act for others, change what is recorded |
        | a cosigner key (`node/keys/cosigner.key`) | cosign and order as that one party | make anything final alone: the other parties of the groups are needed. Two signed histories are evidence that anyone can check |
        | the log key (`node/keys/log.key`; all nodes have it) | sign a checkpoint as the log | make it final: that takes the cosigners. By itself it is worth nothing |
        | a node's certificate (`node/tls/node.key`) | ask the other nodes for what is public anyway, pose as that node to the others | make them believe it: whatever a node fetches it checks against cosigned checkpoints |
        | a node's etcd certificate (`node/tls/etcd.key`) | where it reaches a client port: read all batches, put and delete that party's own, compact, raise alarms | put a batch that counts: batches are signed by the cosigner key |
        | a member's certificate (`etcd/tls/peer.key`) | where it reaches a peer port: disturb etcd as a malicious member does (below) | forge or rewrite anything final |
        | the administrator's certificate (`administration/root.key`) | everything in etcd: users, members, all keys | forge or rewrite anything final; undo signatures |
        | the authority's keys (`authority/`) | make any certificate, so all of the four above | sign for a party: signing keys come from no authority |

        ## A malicious party with an etcd member

        **It can stop progress.** Raft, which orders the batches, trusts its members: one that lies, floods, compacts too early or
        fills the space can keep the others from ordering, and can show different orders to different parties. Nodes notice by the
        sizes and roots that they publish, sign nothing that a quorum does not share, show the evidence on the health board, and
        wait. What the runbook says under "remove a malicious party" gets the others going again.

        **It can never forge or rewrite.** It has no other party's signing keys. It cannot change a final block, because every honest
        node keeps what it has signed and signs nothing else. It cannot hold back one act for long, because its author can hand
        the same act to any other node. It cannot move the ledger's clock: block time goes at most a minute beyond the others'.

        For a ledger where even a stop must be impossible for one party, etcd is the wrong engine; a Byzantine-fault-tolerant one is.

        ## What etcd's users do not protect

        Users and roles keep a party from writing under another party's prefix. They are a second wall, not the first. Anyone with
        a certificate of the authority, with or without a user, can compact the history, raise the space alarm (all writes stop),
        take leases and list the members. Write permission includes overwriting and deleting one's own keys. A permission that is taken away does not end a watch
        that runs. A password outdoes the certificate: there are no users with a password here; make none. Therefore each node
        talks to its own member over 127.0.0.1, and only members reach each other's peer ports, with certificates of an authority
        of their own.

        \(lent)

        ## The observer

        A party with `observes: true` follows, verifies and cosigns. Its batches are ignored by every node, and etcd refuses to
        take them. It can withhold its cosignature, which counts where a group needs it. It sees what every party sees; personal data
        is on no ledger.

        ## When etcd is lost

        Batches that no block holds yet. Every act that a page or a receipt calls final is in the ledgers of a quorum, and survives
        the loss of all of etcd. What was "recorded, waiting for the others" is handed in again by the nodes that still have it, and by the phones, under
        the same id: twice is once. The runbook tells how to start etcd anew.

        ## Who reads along

        Between machines everything is encrypted and both sides show certificates. On a party's own machine its administrator can read
        that party's node. Personal data is encrypted in the vault and read only after the ledger has recorded who reads and why.

        """
    }

    private var lent: String {
        let guests = plan.parties.filter { !$0.member }
        guard !guests.isEmpty else {
            return "Every party of this network runs its own member, so no client port is open to another machine."
        }
        let lines = guests.map { "- \($0.id) uses the members of \($0.via.joined(separator: ", "))" }
        return """
            ## Open client ports

            A party without its own member must reach others' client ports, so these are open between machines, to certificates
            of the authority only:

            \(lines.joined(separator: "\n"))

            Such a party can compact, raise the space alarm and flood, as above; and the member it uses can hide batches from
            it, or show it late. Its node checks everything and signs nothing that a quorum does not share. Open the port in the
            firewall to that machine alone; better, give the party a member of its own.
            """
    }
}
