/// Units for the machine of one party, with everything in `SystemdUnits.home`.
struct SystemdUnits {
    let party: NetworkPlan.Party

    /// Where the party's folder goes on its machine.
    static let home = "/var/lib/linlian"

    /// The etcd member.
    var etcd: String {
        unit(
            "etcd member of \(party.id)", needs: "network-online.target", folder: "etcd",
            // etcd says when it has joined the others; that can take as long as they take.
            service: """
                Type=notify
                TimeoutStartSec=infinity
                ExecStart=/usr/bin/etcd --config-file etcd.conf.yml
                """)
    }

    /// The node.
    var node: String {
        let needs = party.member ? "network-online.target linlian-etcd.service" : "network-online.target"
        return unit(
            "Linlian node of \(party.id)", needs: needs, folder: "node",
            service: """
                Type=exec
                # Pages for this machine only: a web server with a certificate for the public stands before it.
                ExecStart=/usr/local/bin/linlian serve --data \(SystemdUnits.home)/node --port \(party.nodePort)
                TimeoutStopSec=60
                """)
    }

    private func unit(_ name: String, needs: String, folder: String, service: String) -> String {
        """
        [Unit]
        Description=\(name)
        Wants=\(needs)
        After=\(needs)
        # Go on trying for ever.
        StartLimitIntervalSec=0

        [Service]
        \(service)
        WorkingDirectory=\(SystemdUnits.home)/\(folder)
        User=linlian
        Group=linlian
        UMask=0077
        Restart=always
        RestartSec=2
        LimitNOFILE=65536

        # It may write its own folder and nothing else, and gain nothing.
        ProtectSystem=strict
        ReadWritePaths=\(SystemdUnits.home)/\(folder)
        ProtectHome=true
        PrivateTmp=true
        PrivateDevices=true
        NoNewPrivileges=true
        CapabilityBoundingSet=
        AmbientCapabilities=
        ProtectKernelTunables=true
        ProtectKernelModules=true
        ProtectKernelLogs=true
        ProtectControlGroups=true
        ProtectClock=true
        ProtectHostname=true
        ProtectProc=invisible
        RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
        RestrictNamespaces=true
        RestrictRealtime=true
        RestrictSUIDSGID=true
        LockPersonality=true
        RemoveIPC=true
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM

        [Install]
        WantedBy=multi-user.target

        """
    }
}
