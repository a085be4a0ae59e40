/// The runbook: commands as they are on a party's machine.
extension NetworkPapers {
    /// Day to day and emergencies.
    var runbook: String {
        """
        # Runbook of \(plan.origin)

        Everything of a party is in `\(SystemdUnits.home)` on its machine. Members of etcd: \(plan.members.map(\.id).joined(separator: ", "));
        \(majority) of \(plan.members.count) must be up.

        In what follows `ask` is etcdctl as the administrator, on the machine of \(plan.founder):

        ```
        cd \(SystemdUnits.home)/administration
        ask() { etcdctl --endpoints '\(founderEndpoints)' --cacert ca.pem --cert root.pem --key root.key "$@"; }
        ```

        Elsewhere a party looks at its own member as itself: `--endpoints 127.0.0.1:PORT --cacert tls/ca.pem --cert tls/etcd.pem
        --key tls/etcd.key` in `\(SystemdUnits.home)/node`. Health and the list of members need no user.

        ## Start, stop, look

        ```
        systemctl start linlian-etcd linlian-node
        systemctl stop linlian-node linlian-etcd
        systemctl status linlian-etcd linlian-node
        journalctl -u linlian-node -u linlian-etcd --since -1h
        curl http://127.0.0.1:PORT/healthz          # the node; PORT as in README.md
        ask endpoint health --cluster               # etcd, where it was asked from
        ask endpoint status --cluster -w table      # leader, size on disk, alarms
        ```

        Stopping one machine harms nothing: the others go on, and the node catches up when it is back. Restart machines one after
        another, each only when the one before is healthy again.

        ## Certificates

        ```
        linlian network certificates --network DIR                        # exit code 3: one has less than 30 days left
        linlian network certificates --network DIR --renew --party wuye   # where authority/ is; then copy the party's tls folders
        ```

        etcd takes new certificate files at the next connection, by itself. A node takes them when it is restarted. The old
        ones stay valid until they end. Whoever lost a key to a thief: renew, and give every etcd member a list of revoked
        certificates (`client-crl-file`), or let the authority be replaced by a new one in all `ca.pem`, first beside the old, then instead of it.

        ## Restore a node from a backup

        ```
        systemctl stop linlian-node
        linlian restore --help                # from a copy made by `linlian backup`, or from another node
        linlian verify --data \(SystemdUnits.home)/node
        systemctl start linlian-node
        ```

        The backup may be old: the node fetches what is missing from the other nodes and checks it against cosigned checkpoints.
        It never signs a second history, even if it does not remember the first. `tls/` and `network.json` are in the party's
        folder that `linlian network init` wrote; keep a copy of it offline.

        ## Replace a lost etcd member

        A disk died, or etcd's data were deleted. Quorum holds (`ask endpoint health`).

        ```
        ask member list
        ask member remove ID                                                     # the lost one
        ask member add NAME --peer-urls=https://HOST:PEERPORT                      # the same name and address as before
        # on the machine of the lost member:
        systemctl stop linlian-etcd
        rm -rf \(SystemdUnits.home)/etcd/data
        sed -i 's/^initial-cluster-state: .*/initial-cluster-state: existing/' \(SystemdUnits.home)/etcd/etcd.conf.yml
        systemctl start linlian-etcd
        ```

        Never copy another member's data folder, and never start an emptied member without `member remove` first: it would
        forget its promises. The node of that party needs nothing: it goes on where it was.

        ## Quorum of etcd is lost

        Less than \(majority) members are up. Nothing can be ordered; pages say "recorded here, waiting for the others". Nothing final is lost.

        1. Bring the missing members back if their disks live: that is all it takes.
        2. If they are gone for good, start a new etcd: stop every node and every member, delete `etcd/data` everywhere, take the
           lost parties out of `initial-cluster` in every `etcd.conf.yml`, write a new `initial-cluster-token` (the old with `-2` after it)
           everywhere, set `initial-cluster-state: new`, start the members, run `administration/roles.sh`, start the nodes.
           Blocks are in the nodes' ledgers, not in etcd: the nodes go on from the last final block and hand in again what was waiting.

        ## etcd raises NOSPACE

        All writes stop when etcd's data reach 2 GiB. Nodes delete what all have taken over and etcd compacts every ten minutes, so
        this means: a node has been away for long, a party floods, or somebody raised the alarm by hand.

        ```
        ask endpoint status --cluster -w table          # size, alarms
        ask get --prefix '/linlian/\(plan.origin)/batches/' --keys-only | cut -d/ -f1-\(batchDepth) | sort | uniq -c   # whose batches
        ask compact "$(ask endpoint status -w json | grep -o '"revision":[0-9]*' | head -n 1 | cut -d: -f2)"
        ask defrag --cluster                            # stops each member for seconds
        ask alarm disarm
        ```

        If one party floods, remove it. If nothing is large, somebody with a certificate raised the alarm: see below.

        ## Remove a malicious party

        What its member did is on the health board, as a file that `linlian verify` explains. Two walls to close:

        1. **etcd**, at once, by the administrator, on the word of the other parties:

           ```
           ask user delete PARTY
           ask role delete PARTY
           ask member remove ID
           ```

           Close its address in every firewall: its certificates stay valid until they end. If its member will not let you (it
           leads and stalls), do as for a lost quorum: a new etcd without it.
        2. **The ledger**: a delegate proposes `removeParty` and, where it was in a group, new groups, and the other parties vote
           (page 宪章, or `linlian act constitution.propose`). Until then its cosignature still counts. The groups need enough
           parties that are left; a quorum that can never be reached is refused.

        ## A node stops by itself

        It says so on its health page and in the journal. "Disagrees with a quorum": it has fetched and compared already; look at
        the disk and the version of `linlian` (`linlian diff` names the first difference), then restore it. "Two
        histories": somebody else signs with its key. Do not start it; take its cosigner key out of the constitution (`changeParty` with a new key).

        ## A clock is wrong

        `timedatectl` must say "synchronized: yes". Certificates and the ledger's time depend on it; etcd's order does not.

        """
    }

    private var majority: Int { plan.members.count / 2 + 1 }
    /// Fields of `/linlian/<origin>/batches/<party>`, as `cut` counts them.
    private var batchDepth: Int { 4 + plan.origin.split(separator: "/", omittingEmptySubsequences: false).count }
    private var founderEndpoints: String {
        plan.party(plan.founder).map { plan.endpoints(of: $0).joined(separator: ",") } ?? ""
    }
}
