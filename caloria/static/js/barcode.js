// Looks for a barcode with the camera where the browser itself can read them, and goes to its food. A code counts once
// it was read twice in a row. The pictures stay in the browser.

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "itf", "code_128"];
const LOOKS_PER_SECOND = 5;
const DIGITS = /^(\d{8}|\d{12,14})$/;
const camera = document.querySelector("[data-camera]");
const video = camera.querySelector("video");
const [start, stop] = ["start", "stop"].map((act) => camera.querySelector(`[data-${act}]`));
let detector;
let stream;

const say = (name, digits = "") => {
  camera.querySelector("[data-words]").textContent = camera.dataset[name].replace("{digits}", digits);
};
const pause = () => new Promise((resolve) => setTimeout(resolve, 1000 / LOOKS_PER_SECOND));

async function offer() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const known = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.length) return;
  detector = new BarcodeDetector({ formats });
  camera.hidden = false;
}

function show(isOn) {
  video.hidden = stop.hidden = !isOn;
  start.hidden = isOn;
}

async function open() {
  start.disabled = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    close();
    return say(error.name === "NotAllowedError" ? "refused" : "missing");
  } finally {
    start.disabled = false;
  }
  show(true);
  stop.focus();
  say("looking");
  await look(stream);
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = video.srcObject = null;
  show(false);
}

async function look(own) {
  let last;
  while (stream === own) {
    const seen = await read();
    if (stream !== own) return;
    if (seen && seen === last) return leave(seen);
    last = seen;
    await pause();
  }
}

// What is not a product's number counts as nothing, and so does a picture that could not be read.
async function read() {
  const codes = await detector.detect(video).catch(() => []);
  return codes.map((code) => code.rawValue).find((text) => DIGITS.test(text));
}

function leave(digits) {
  close();
  say("found", digits);
  location.assign(camera.dataset.address.replace("digits", digits));
}

start.addEventListener("click", open);
stop.addEventListener("click", () => {
  close();
  start.focus();
  say("stopped");
});
addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden || !stream) return;
  close();
  say("stopped");
});
offer();
