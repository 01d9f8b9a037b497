"""Tables and queries; personal data sealed at rest."""
