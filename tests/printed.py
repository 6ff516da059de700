"""Barcodes as they are printed, and as they are sent."""

from io import BytesIO

from PIL import Image
from zxingcpp import BarcodeFormat, create_barcode, write_barcode_to_image


def printed(digits: str, kind: BarcodeFormat = BarcodeFormat.EAN13, scale: int = 4, **more) -> Image.Image:
    """A barcode, black on white, with the margins that it needs."""
    made = write_barcode_to_image(create_barcode(digits, kind, **more), scale=scale)
    height, width = memoryview(made).shape
    return Image.frombytes("L", (width, height), memoryview(made).tobytes())


def sent(image: Image.Image, kind: str = "JPEG", **more) -> bytes:
    """A picture as the bytes of its file."""
    file = BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()
