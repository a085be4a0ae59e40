/// The files that an etcd member and its users are made from (etcd 3.4 and later).
struct EtcdConfiguration {
    let plan: NetworkPlan

    /// `etcd.conf.yml` of a party's member. Paths are relative to its folder, where it must be started.
    func member(_ party: NetworkPlan.Party) -> String {
        let listening = NetworkAddress.listening(party.host)
        let lends = plan.lendsMember(party)
        // Who listens everywhere listens on the machine itself too.
        let clients =
            !lends
            ? [NetworkPlan.thisMachine]
            : listening == "0.0.0.0" ? [listening] : orderedUnique([NetworkPlan.thisMachine, listening])
        let reached = lends ? party.host : NetworkPlan.thisMachine
        func urls(_ hosts: [String], _ port: Int) -> String {
            hosts.map { "https://" + NetworkAddress.joined($0, port) }.joined(separator: ",")
        }
        let cluster = plan.members.map { "\($0.id)=" + urls([$0.host], $0.etcdPeerPort) }
        return """
            # etcd member of \(party.id), made by `linlian network init`. Start it in this folder: etcd --config-file etcd.conf.yml
            name: \(party.id)
            data-dir: data
            initial-cluster: \(cluster.joined(separator: ","))
            # A member that replaces a lost one starts with `existing` (runbook.md).
            initial-cluster-state: new
            initial-cluster-token: \(plan.origin)

            # Between members: only certificates of the members' own authority.
            listen-peer-urls: \(urls([listening], party.etcdPeerPort))
            initial-advertise-peer-urls: \(urls([party.host], party.etcdPeerPort))
            peer-transport-security:
              cert-file: tls/peer.pem
              key-file: tls/peer.key
              client-cert-auth: true
              trusted-ca-file: tls/members.pem

            # For nodes: \(lends ? "also nodes without a member of their own, which parties.yaml lets in by `via`" : "on this machine only"). The certificate's name is the etcd user.
            listen-client-urls: \(urls(clients, party.etcdClientPort))
            advertise-client-urls: \(urls([reached], party.etcdClientPort))
            client-transport-security:
              cert-file: tls/server.pem
              key-file: tls/server.key
              client-cert-auth: true
              trusted-ca-file: tls/ca.pem
            # etcd accepts TLS 1.2 and newer only; of 1.2 these.
            cipher-suites:
              - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
              - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
              - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            # The JSON gateway knows no users by certificate; nodes speak gRPC.
            enable-grpc-gateway: false
            enable-v2: false
            enable-pprof: false

            # Milliseconds, for machines in one building. Between cities: the heartbeat above the round trip (say 100), and
            # ten times that before an election; the same numbers on every member.
            heartbeat-interval: 50
            election-timeout: \(electionTimeout)
            # Who comes back after a partition does not unseat a leader that works.
            pre-vote: true

            # Batches are short-lived here: the ledger keeps them. Nodes delete what all have taken over.
            auto-compaction-mode: periodic
            auto-compaction-retention: 10m
            quota-backend-bytes: 2147483648
            max-request-bytes: 4194304
            # Raft's log is cut after so many batches; etcd keeps these and 5,000 more in memory.
            snapshot-count: 1000
            strict-reconfig-check: true
            experimental-initial-corrupt-check: true

            logger: zap
            log-level: warn
            log-outputs: [stderr]

            """
    }

    /// Milliseconds without a leader's heartbeat after which members elect another.
    private var electionTimeout: Int { 300 }

    /// The shell script by which the founder makes etcd's users. What is there already stays, so it can be run again.
    func roles() -> String {
        let prefix = "/linlian/\(plan.origin)"
        let endpoints = plan.party(plan.founder).map { plan.endpoints(of: $0) } ?? []
        let parties = plan.parties.map { party in
            "party \(party.id)" + (party.observes ? " observes" : "")
        }
        return """
            #!/bin/sh
            # Makes etcd's users: one for each party, known by the name in its certificate, without a password. Run it once, when
            # most members are up; run it again after a party was added here.
            set -eu
            cd "$(dirname "$0")"
            export ETCDCTL_API=3

            ask() {
                etcdctl --endpoints '\(endpoints.joined(separator: ","))' --cacert ca.pem --cert root.pem --key root.key \\
                    --command-timeout 10s "$@"
            }

            user() { # NAME: the user and a role of the same name
                echo "$users" | grep -qxF "$1" || ask user add "$1" --no-password
                echo "$roles" | grep -qxF "$1" || ask role add "$1"
                ask user grant-role "$1" "$1"
            }

            party() { # NAME [observes]: reads everything, writes what is its own; who observes orders nothing
                user "$1"
                ask role grant-permission "$1" read '\(prefix)/' --prefix
                ask role grant-permission "$1" readwrite "\(prefix)/statements/$1/" --prefix
                [ "${2:-}" = observes ] || ask role grant-permission "$1" readwrite "\(prefix)/batches/$1/" --prefix
            }

            users=$(ask user list)
            roles=$(ask role list)
            \(parties.joined(separator: "\n"))
            user root
            ask auth enable

            """
    }

    private func orderedUnique(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
