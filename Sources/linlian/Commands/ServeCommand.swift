import AppCatalog
import ArgumentParser
import ConstitutionContract
import ContractKit
import Foundation
import LedgerCore
import Logging
import NodeRuntime
import PageKit

/// `linlian serve`: runs a node with its pages and its API.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a node: pages, API and public log.",
        discussion: "Stops on SIGTERM or Ctrl-C after the block under way. A damaged ledger is refused (exit code 2).")

    @OptionGroup var data: DataOption
    @OptionGroup var listen: ListenOptions

    func run() async throws {
        try await Service.run(try data.directory(), options: try listen.serverOptions()) { _, address in
            print("address \(address)")
            // In a pipe nothing would appear until the server stops.
            fflush(nil)
        }
    }
}

/// Where a server listens.
struct ListenOptions: ParsableArguments {
    @Option(help: "The address to listen on; 0.0.0.0 for the whole network.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8_080

    @Option(help: "Certificate chain (PEM). With it and its key the node speaks HTTPS.")
    var tlsCertificate: String?

    @Option(help: "Private key of the certificate (PEM).")
    var tlsKey: String?

    @Option(help: "The address that people use, when a proxy stands in front, such as https://linli.example.org.")
    var publicAddress: String?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port: 0 to 65535") }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
    }

    func serverOptions() throws -> ServerOptions {
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.publicAddress = publicAddress
        if let tlsCertificate, let tlsKey {
            options.tls = ServerOptions.TLSFiles(certificate: tlsCertificate, key: tlsKey)
        }
        return options
    }
}

/// Opens a node and serves it until it is told to stop.
enum Service {
    /// `onListening` is told the node and its address.
    static func run(
        _ directory: NodeDirectory, options: ServerOptions,
        onListening: @escaping @Sendable (Node, String) async -> Void
    ) async throws {
        var logger = Logger(label: "linlian")
        logger.logLevel = .notice
        let node = try await Node.open(
            directory, catalog: LocalNode.catalog, projections: AppCatalog.modules.compactMap(\.projection),
            logger: logger)
        var options = options
        if let head = try ConstitutionTables.head.find("current", in: node.state) { options.siteName = head.name }
        options.helpPhone = try Parameters.text(ConstitutionParameters.helpPhone, in: node.state)
        let server = try LinlianServer(node: node, modules: AppCatalog.modules, options: options, logger: logger)
        let settled = options
        try await server.run { port in await onListening(node, settled.address(port: port)) }
        try node.close()
    }
}
