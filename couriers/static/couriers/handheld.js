/** The courier's handheld: which screen is shown, and who is signed in. */

import { announce, show } from "./dom.js";
import { forgetAll } from "./intentions.js";
import { enrolScreen } from "./screens/enrol.js";
import { failScreen } from "./screens/fail.js";
import { releaseScreen } from "./screens/release.js";
import { routeScreen } from "./screens/route.js";
import { stopScreen } from "./screens/stop.js";
import { forget, read, write } from "./storage.js";
import { ignoreEchoes, typeAnywhere } from "./taps.js";
import { WORDS } from "./words.js";

/** What the screens share. `route` is as it was last fetched; null where it never was. */
const app = {
  route: null,
  notice: null,

  signIn(who) {
    write("who", who);
    app.go("route");
  },

  /** The token has ended, by this courier's wish or the depot's. */
  signOut(words) {
    forget("who");
    forgetAll();
    forget("asked");
    app.route = null;
    app.notice = words;
    app.go("");
  },

  /** True, after signing out, where an answer says that the token has ended. */
  hasEnded(answer) {
    if (!answer.came || answer.status !== 401) return false;
    if (read("who")) app.signOut(WORDS.enrol.ended);
    return true;
  },

  /** Tell something that came after the courier had gone on to another screen. */
  tellLater(words) {
    app.notice = words;
    render();
  },

  /** What is to be told on this screen, once. */
  takeNotice() {
    const notice = app.notice;
    app.notice = null;
    if (notice) announce(notice);
    return notice;
  },

  /** Show this screen; the browser's own back button works. */
  go(place) {
    if (location.hash.slice(1) === place) render();
    else location.hash = place;
  },
};

function render() {
  const who = read("who");
  document.getElementById("who").textContent = who?.courier.name ?? "";
  if (!who) return show(...enrolScreen(app));
  const [screen, shipment] = location.hash.slice(1).split("/");
  if (screen === "stop") return stopScreen(app, shipment);
  if (screen === "fail") return failScreen(app, shipment);
  if (screen === "release") return releaseScreen(app, shipment);
  return routeScreen(app);
}

/** Back from a pocket, or from where there is no network: the route may have changed meanwhile. */
function lookAgain() {
  if (!document.hidden && read("who") && /^(#route)?$/.test(location.hash)) render();
}

ignoreEchoes(document);
typeAnywhere(document);
window.addEventListener("online", lookAgain);
document.addEventListener("visibilitychange", lookAgain);
window.addEventListener("hashchange", () => {
  window.scrollTo(0, 0);
  render();
});
render();
