import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request has not arrived whole in time: an idle limit alone lets a sender hold a connection
/// for ever by dripping one byte after another ("slow loris").
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limit: TimeAmount
    private var scheduled: Scheduled<Void>?

    init(seconds: Int64) { limit = .seconds(seconds) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            let channel = context.channel
            scheduled?.cancel()
            scheduled = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        case .end:
            scheduled?.cancel()
            scheduled = nil
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        scheduled?.cancel()
        scheduled = nil
    }
}
