"""What was uploaded: images and files, known by `uri` and `id`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """An uploaded picture, measured after conversion."""

    uri: str
    url: str
    width: int
    height: int
    use_case: str
    open_id: str


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded PDF or video."""

    id: str
    url: str
    name: str
    format: str
    open_id: str

    @property
    def is_video(self) -> bool:
        """Whether it may be a product video rather than evidence."""
        return self.format != "PDF"
