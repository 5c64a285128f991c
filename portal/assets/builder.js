/* The KPI builder: a choice that changes the number or the fields sends the form at once, and the
   page comes back where it was. Without this script the buttons do the same. */
(function () {
  "use strict";
  var KEY = "kb-place";

  function remember(name) {
    try { sessionStorage.setItem(KEY, JSON.stringify({ y: window.scrollY, name: name })); } catch (_) { /* not kept */ }
  }

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (!field.matches || !field.matches("[data-kb] select")) { return; }
    if (!field.hasAttribute("data-kb-submits") && !/^([abs]_|unit|cadence|better)/.test(field.name)) { return; }
    send_soon(field);
  });

  /* Arrow keys go through a closed list one by one: the form is sent where they come to rest. */
  var REST = 900, arrows = 0, resting = null;
  function send(field) {
    clearTimeout(resting); resting = null;
    var at = document.activeElement;
    remember(at && at.form === field.form && at.name && at.tagName !== "BUTTON" ? at.name : field.name);
    field.form.requestSubmit(field.form.querySelector("button[type=submit]"));
  }
  function send_soon(field) {
    clearTimeout(resting); resting = null;
    if (Date.now() - arrows > 300) { send(field); return; }
    resting = setTimeout(send, REST, field);
  }
  document.addEventListener("keydown", function (event) {
    if (event.target.tagName === "SELECT" && event.key !== "Tab") { arrows = Date.now(); }
    if (resting && event.key === "Enter" && event.target.tagName === "SELECT") { event.preventDefault(); send(event.target); }
  });

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!event.target.matches("[data-kb]") || !button) { return; }
    if (!/\/(propose|discard)$/.test(button.getAttribute("formaction") || "")) {
      remember(document.activeElement ? document.activeElement.name || "" : "");
    }
  });

  document.addEventListener("click", function (event) {
    var copy = event.target.closest ? event.target.closest("[data-copy-from]") : null;
    if (!copy || !navigator.clipboard) { return; }
    var from = document.getElementById(copy.getAttribute("data-copy-from"));
    navigator.clipboard.writeText(from ? from.textContent : "").then(function () {
      copy.setAttribute("data-done", "");
      setTimeout(function () { copy.removeAttribute("data-done"); }, 2000);
    });
  });

  function back() {
    var kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(KEY)); sessionStorage.removeItem(KEY); } catch (_) { /* none */ }
    if (!kept || location.pathname.indexOf("/kpis/") !== 0) { return; }
    var tries = 0;
    (function place() {
      // The page is drawn a second time when its script runs; after that the place holds.
      var field = kept.name && document.querySelector("[data-kb] [name='" + CSS.escape(kept.name) + "']");
      window.scrollTo(0, kept.y);
      if (field && field.tagName !== "BUTTON") { field.focus({ preventScroll: true }); }
      tries += 1;
      if (tries < 4) { setTimeout(place, 150 * tries); }
    }());
  }
  back();
}());
