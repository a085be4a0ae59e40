/// Which software this is.
package enum SoftwareVersion {
    /// The version, as `linlian --version` and the health board tell it.
    package static let current = "0.1.0"
}
