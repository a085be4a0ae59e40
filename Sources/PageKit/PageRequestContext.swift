package import Hummingbird

/// What one request carries through middleware and routes: Hummingbird's own part and how the answer is wanted.
package struct PageRequestContext: RequestContext {
    /// What Hummingbird itself needs.
    package var coreContext: CoreRequestContextStorage

    /// The language of the answer, set by `PreferencesMiddleware`.
    package var language = Language.standard

    /// How the page is set, set by `PreferencesMiddleware`.
    package var reading = ReadingMode.usual

    /// Largest body that is decoded, in bytes: room for a batch of 50 signed transactions of 64 KiB each.
    package var maxUploadSize: Int { 50 * 65_536 }

    /// Made by Hummingbird for each request.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
