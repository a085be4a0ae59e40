// Says when the network is gone, and that nothing is lost by it.
const strip = document.querySelector("[data-offline]");

const show = () => { strip.hidden = navigator.onLine; };

if (strip) {
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
