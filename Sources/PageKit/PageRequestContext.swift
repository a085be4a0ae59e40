package import Hummingbird

/// What one request carries through middleware and routes: Hummingbird's own part and the language of the answer.
package struct PageRequestContext: RequestContext {
    /// What Hummingbird itself needs.
    package var coreContext: CoreRequestContextStorage

    /// The language of the answer, set by `LanguageMiddleware`.
    package var language = Language.standard

    /// Largest body that is decoded, in bytes: room for a batch of 50 signed transactions of 64 KiB each.
    package var maxUploadSize: Int { 50 * 65_536 }

    /// Made by Hummingbird for each request.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
