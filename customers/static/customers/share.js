// A link to pass on: by the phone's own share sheet, else by copying. Without this it stands there to be selected.

function offerSharing() {
  if (!navigator.share && !navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-shares]")) {
    button.hidden = false;
    button.addEventListener("click", () => pass(button).catch(() => {})); // who closes the share sheet wants nothing
  }
}

async function pass(button) {
  const link = document.getElementById(button.dataset.shares);
  link.select();
  if (navigator.share) return navigator.share({ url: link.value });
  await navigator.clipboard.writeText(link.value);
  button.textContent = button.dataset.copied;
}

document.addEventListener("redrawn", offerSharing);
offerSharing();
