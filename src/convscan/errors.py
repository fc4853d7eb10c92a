"""The errors that convscan raises: each says where, what was found, what to do."""


class ConvscanError(Exception):
    """Anything that convscan itself reports; catch it to catch them all."""


class TranscriptError(ConvscanError):
    """A record or file that cannot be read as a conversation."""


class AnnotationError(ConvscanError):
    """Annotations that are malformed, or that do not fit the conversations they speak of."""


class RuleError(ConvscanError):
    """A rule file that is malformed, or whose examples do not hold."""


class ModelError(ConvscanError):
    """A model that is missing, damaged or of another version."""


class ConfigError(ConvscanError, ValueError):
    """A setting that is unknown or has an impossible value."""


class ConvscanWarning(UserWarning):
    """What the library says beside its results; the command line says it on stderr."""
