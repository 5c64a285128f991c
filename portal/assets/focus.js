/* Where the keyboard is. A part that is drawn anew takes the focus with it, and a form that is sent
   the whole page; what stands in its place is given the focus then, or the heading of another page. */
(function () {
  "use strict";
  var HELD = "a[href],button,summary,input:not([type=hidden]),select,textarea,[tabindex='0']";
  var KEY = "focus-place", SOON = 20000, FAR = 8;
  var last = null, path = location.pathname, search = location.search, due = 0, asker = null, formed = "", top = null, said = "";

  function page() { return document.getElementById("page"); }
  function held() {
    var within = page();
    return within ? Array.prototype.slice.call(within.querySelectorAll(HELD)) : [];
  }
  function words(at) { return (at.getAttribute("aria-label") || at.textContent || "").trim().replace(/\s+/g, " ").slice(0, 80); }
  function open(at) { return at.isConnected && !at.disabled && at.checkVisibility(); }
  function button_of(menu) { return menu ? menu.querySelector("summary") : null; }

  /* What is needed to know a control again that was drawn anew. */
  function known(at) {
    var menu = button_of(at.closest("details.menu"));
    if (menu && menu !== at && page().contains(menu)) { at = menu; }
    return { at: at, tag: at.tagName, id: at.id, name: at.name || "", sort: at.className, words: words(at), place: held().indexOf(at),
      start: at.selectionStart, end: at.selectionEnd };
  }

  function fits(each, was) {
    if (each.tagName !== was.tag || !open(each)) { return false; }
    if (was.id) { return each.id === was.id; }
    if (was.name && was.tag !== "BUTTON") { return each.name === was.name; }
    var now = words(each);
    return Boolean(now) && (now === was.words || now.indexOf(was.words + ",") === 0 || was.words.indexOf(now + ",") === 0);
  }

  /* The button of the next row, by its first word: "Acknowledge …". */
  function alike(each, was) {
    return each.className === was.sort && /\bbtn\b/.test(was.sort) && words(each).split(" ")[0] === was.words.split(" ")[0];
  }

  /* The same control; else what has its place now, as the next of a list from which one has gone. */
  function found(was) {
    var all = held(), near = null, far = Infinity;
    all.forEach(function (each, place) {
      var off = Math.abs(place - was.place);
      if (off < far && fits(each, was)) { near = each; far = off; }
    });
    if (near || was.place < 0) { return near; }
    far = Infinity;
    all.forEach(function (each, place) {
      var off = Math.abs(place - was.place) + (each.tagName === was.tag ? 0 : 0.5) + (alike(each, was) ? 0 : FAR);
      if (off < far && open(each)) { near = each; far = off; }
    });
    return near;
  }

  function heading() {
    var at = page() && (page().querySelector("h1") || page());
    if (!at) { return; }
    if (at.tabIndex < 0) { at.setAttribute("tabindex", "-1"); }
    at.focus({ preventScroll: true });
  }

  function again(was) {
    var at = was.tag === "H1" || was.path !== location.pathname ? null : found(was);
    if (!at) { heading(); return; }
    at.focus();
    if (was.start != null && at.value && at.setSelectionRange) {
      try { at.setSelectionRange(was.start, was.end); } catch (_) { /* a field without a caret */ }
    }
  }

  /* A form that was asked for stands elsewhere on the page: its first field has the focus, and when
     the form is gone, what had asked for it. */
  function asked(lost, moved) {
    var form = page().querySelector("#form"), title = form ? words(form.querySelector("h2") || form) : "";
    var was = asker, appeared = title && title !== formed && !moved;
    formed = title;
    if (appeared) {
      var fields = Array.prototype.filter.call(form.querySelectorAll(HELD), function (each) { return each.checkVisibility(); });
      asker = last;
      if (fields.length) { fields[0].focus(); }
      return fields.length > 0;
    }
    if (title || !was) { return false; }
    asker = null;
    if (lost && !moved) { again(was); }
    return lost && !moved;
  }

  function look() {
    due = 0;
    var at = document.activeElement, lost = !at || at === document.body || !open(at), moved = path !== location.pathname;
    if (!page() || document.getElementById("first") || document.querySelector("dialog[open]")) { return; }
    var head = page().querySelector("h1"), title = head ? words(head) : "";
    /* The address changes first; until its page has come, the one before it stands there. */
    if (moved && head && head === top && title === said) { return; }
    top = head; said = title;
    path = location.pathname;
    /* A meeting's arrows turn its screens with the focus nowhere: the next one is told as a page is. */
    moved = moved || Boolean(search !== location.search && document.querySelector("[data-meeting]"));
    search = location.search;
    if (asked(lost, moved)) { return; }
    if (moved && (lost || !page().contains(at))) { heading(); } else if (lost && last && !open(last.at)) { again(last); }
  }

  document.addEventListener("focusin", function (event) {
    if (page() && page().contains(event.target)) { last = known(event.target); } else { last = { at: event.target, tag: "H1" }; }
    last.path = location.pathname;
  });

  /* A menu that is left closes: it would lie over what has the focus next. */
  document.addEventListener("focusout", function (event) {
    var menu = event.target.closest && event.target.closest("details.menu[open]"), to = event.relatedTarget;
    if (menu && to && !menu.contains(to)) { menu.open = false; }
  });

  /* A page that comes back after a form was sent: to the fault, if there is one, or where one was. */
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !page() || !page().contains(event.target)) { return; }
    /* The KPI builder keeps its own place; a search that is sent anew is asked for by GET. */
    if (event.target.method !== "post" || event.target.matches("[data-kb]")) { return; }
    var was = known(event.submitter || document.activeElement);
    was.at = null; was.path = location.pathname; was.when = Date.now();
    try { sessionStorage.setItem(KEY, JSON.stringify(was)); } catch (_) { /* not kept */ }
  });

  function back() {
    var was = null;
    try { was = JSON.parse(sessionStorage.getItem(KEY)); sessionStorage.removeItem(KEY); } catch (_) { /* none */ }
    if (!was || Date.now() - was.when > SOON || location.hash || document.activeElement !== document.body) { return; }
    var told = page().querySelector("[role=alert]:not([hidden]),[data-told]");
    if (told && told.checkVisibility()) { told.setAttribute("tabindex", "-1"); told.focus(); }
    else if (was.path === location.pathname) { again(was); }
  }

  var watch = new MutationObserver(function () { due = due || setTimeout(look, 20); });
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  if (page()) { asked(false, true); back(); }
}());
