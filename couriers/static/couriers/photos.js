/** A photo: made small here, so that it goes out over a bad network, and sent at once. */

import { carryOut } from "./intentions.js";

const MAX_SIDE = 1_600;
const QUALITY = 0.82;

/** Answers as `request` does; the body of a 201 holds the photo's id. The picture is kept nowhere. */
export async function sendPhoto(file, about) {
  const form = new FormData();
  form.append("photo", await small(file), "photo.jpg");
  return carryOut(`photo ${about}`, "POST", "/photos", { body: form, secret: true });
}

/** The picture with its longer side at MAX_SIDE, upright; as it came where this browser cannot read it. */
async function small(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY))) ?? file;
  } catch {
    return file;
  }
}
