import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// TLS from files that may be renewed while the program runs: whoever connects after that gets the new certificate.
///
/// Files that do not fit together, as between the moments at which certificate and key are replaced, change nothing; they
/// are tried again at the next connection.
final class RenewedTLS: Sendable {
    private struct Storage {
        var context: NIOSSLContext
        var stamps: [FileStamp]
    }

    private let files: [String]
    private let configuration: @Sendable () throws -> TLSConfiguration
    private let logger: Logger
    private let storage: Mutex<Storage>

    /// Reads `configuration` now, and again when one of `files` has changed. Throws what `configuration` throws.
    init(files: [String], logger: Logger, _ configuration: @escaping @Sendable () throws -> TLSConfiguration) throws {
        self.files = files
        self.configuration = configuration
        self.logger = logger
        let stamps = files.map(FileStamp.init)
        storage = Mutex(
            Storage(context: try NIOSSLContext(configuration: try configuration()), stamps: stamps))
    }

    /// What the next connection is made with.
    var context: NIOSSLContext {
        let stamps = files.map(FileStamp.init)
        return storage.withLock { storage in
            guard stamps != storage.stamps else { return storage.context }
            do {
                storage.context = try NIOSSLContext(configuration: try configuration())
                storage.stamps = stamps
                logger.notice("a renewed certificate is in use", metadata: ["file": "\(files.first ?? "")"])
            } catch {
                logger.warning(
                    "changed certificate files are not used yet", metadata: ["file": "\(files.first ?? "")"])
            }
            return storage.context
        }
    }

    /// An HTTP/1.1 server over TLS.
    func server(_ configuration: HTTP1Channel.Configuration) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            RenewedTLSChannel(base: HTTP1Channel(responder: responder, configuration: configuration), tls: self)
        }
    }
}

/// What tells whether a file was written since: two texts of one length in one moment are told apart by the file's number,
/// because certificates are replaced and never written over.
struct FileStamp: Equatable, Sendable {
    private let modified: Int64
    private let nanoseconds: Int64
    private let size: Int64
    private let number: UInt64

    /// The stamp of a file; of one that is missing all are 0.
    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            (modified, nanoseconds, size, number) = (0, 0, 0, 0)
            return
        }
        modified = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
        size = Int64(status.st_size)
        number = UInt64(status.st_ino)
    }
}

/// A connection that begins with TLS as it is at that moment.
private struct RenewedTLSChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let tls: RenewedTLS

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    @concurrent
    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
