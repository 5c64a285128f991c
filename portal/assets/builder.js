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
    remember(field.name);
    field.form.requestSubmit(field.form.querySelector("button[type=submit]"));
  });

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!event.target.matches("[data-kb]") || !button) { return; }
    if (!/\/(propose|discard)$/.test(button.getAttribute("formaction") || "")) {
      remember(document.activeElement ? document.activeElement.name || "" : "");
    }
  });

  /* What is typed before the page is drawn a second time would go with the first drawing. */
  var typed = {}, first = document.querySelector("[data-kb]"), until = Date.now() + 8000;
  Array.prototype.forEach.call(first ? first.elements : [], function (field) {
    if (field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue) { typed[field.name] = field.value; }
  });
  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("[data-kb]")) { typed[event.target.name] = event.target.value; }
  }, true);
  function typedAgain(form) {
    Object.keys(typed).forEach(function (name) {
      var field = form.elements.namedItem(name);
      if (!field || field.value === typed[name]) { return; }
      var own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
      own.set.call(field, typed[name]);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  var focused = "";
  document.addEventListener("focusin", function (event) {
    if (event.target.closest && event.target.closest("[data-kb]")) { focused = event.target.name || ""; }
  });
  var watch = new MutationObserver(function () {
    var form = document.querySelector("[data-kb]");
    if (form && first && form !== first) {
      typedAgain(form);
      var field = focused && document.activeElement === document.body ? form.elements.namedItem(focused) : null;
      if (field && field.focus) { field.focus({ preventScroll: true }); }
    }
    first = form || first;
    if (Date.now() > until) { watch.disconnect(); }
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });

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
