"""What a camera reads from a QR code that a browser shows."""

from __future__ import annotations

import base64
from typing import Any

# The picture is read by the reader that the platform itself serves to doors.
READ = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), c => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const {decodeQR} = await import('/assets/js/qr/decode.js');
  return decodeQR(context.getImageData(0, 0, image.width, image.height));
}"""


def read_qr(page: Any, frame: str) -> str:
    """The text in the code that is seen within ``frame``, as pixels on the screen. Raises where it cannot be read."""
    picture = page.locator(frame).screenshot()
    return str(page.evaluate(READ, base64.b64encode(picture).decode()))
