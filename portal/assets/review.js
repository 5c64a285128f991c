/* A review: what is typed is sent after a pause, one sending at a time, so that a page never
   competes with itself; buttons send what is typed first. In a meeting, arrows turn the pages. */
(function () {
  "use strict";
  var PAUSE = 500, PATIENCE = 8000;
  var AGAIN = 5000;
  var seq = 0, sent = 0, sentAt = 0, timer = null, moving = null, picks = {}, chosen = {}, of = "";
  var told = 0, failed = "", seen = {}, going = {};

  function place() {
    var found = document.querySelector("[data-review]");
    var now = found ? found.getAttribute("data-review") : "";
    if (now !== of) {
      of = now; picks = {}; chosen = {}; sent = 0; told = 0; failed = ""; seq = Date.now(); moving = null; clearTimeout(timer);
      if (found) { seen = held(); give_back(); }
    }
    return found;
  }

  /* What could not be saved outlives the page in this tab, for the same person and answer only:
     who signs in again, or comes back, finds it in its place. */
  function shelf() {
    var found = document.querySelector("[data-review]");
    return found ? "review:" + found.getAttribute("data-reader") + ":" + found.getAttribute("data-review") : "";
  }

  function keep() {
    try { sessionStorage.setItem(shelf(), JSON.stringify({ seen: seen, now: held() })); } catch (_) { /* it stays in the page */ }
  }

  function let_go() {
    try { sessionStorage.removeItem(shelf()); } catch (_) { /* nothing was kept */ }
  }

  function give_back() {
    var kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(shelf())); } catch (_) { /* none */ }
    if (!kept) { return; }
    var stands = held(), changed = false;
    Object.keys(kept.now).forEach(function (field) {
      var mine = kept.now[field], same = stands[field] === kept.seen[field];
      if (!(field in stands) || mine === kept.seen[field] || mine === stands[field]) { return; }
      var area = document.querySelector("[data-review-field='" + field + "'] textarea");
      if (area) { written(area, same ? mine : stands[field] + "\n\n" + mine); changed = true; }
      else if (same) { shown(field, mine); changed = true; }
    });
    if (changed) { typed(); } else { let_go(); }
  }

  function held() {
    var now = {};
    document.querySelectorAll("[data-review-field]").forEach(function (box) {
      var area = box.querySelector("textarea");
      if (area) { now[box.getAttribute("data-review-field")] = area.value; }
    });
    document.querySelectorAll("[data-review-pick]").forEach(function (button) {
      var field = button.getAttribute("data-review-pick");
      if (!(field in now)) { now[field] = ""; }
      if (pressed(button)) { now[field] = button.getAttribute("data-value"); }
    });
    return now;
  }

  function pressed(button) {
    var field = button.getAttribute("data-review-pick");
    if (field in picks) { return picks[field] === button.getAttribute("data-value"); }
    return button.getAttribute("aria-pressed") === "true";
  }

  function acknowledged() {
    var mark = document.querySelector("#review-saved [data-seq]");
    told = Math.max(told, mark ? Number(mark.getAttribute("data-seq")) : 0);
    return told;
  }

  function busy() { return !failed && sent > acknowledged() && Date.now() - sentAt < PATIENCE; }

  function alarm(why) {
    failed = why;
    document.querySelectorAll("[data-review-unsaved]").forEach(function (each) {
      each.hidden = each.getAttribute("data-review-unsaved") !== why;
    });
  }

  function say(text) {
    var at = document.getElementById("review-saved");
    if (at) { at.setAttribute("data-saving", text); }
  }

  function push() {
    clearTimeout(timer);
    if (!place()) { return; }
    if (busy()) { timer = setTimeout(push, 60); return; }
    seq += 1; sent = seq; sentAt = Date.now(); failed = ""; going = held();
    say("saving");
    keep();
    window.dash_clientside.set_props("review-outbox", { data: { seq: seq, now: going, chosen: chosen } });
    watch();
  }

  function watch() {
    if (busy()) { setTimeout(watch, 60); return; }
    if (sent > acknowledged()) { unsaved(failed || "lost"); return; }
    alarm("");
    chosen = {};
    var refused = document.querySelector("#review-saved .bad[data-seq]");
    var clash = document.querySelector("#review-clash > *");
    if (!refused) { seen = going; }
    /* Of two texts that clash the person chooses, and the review's record has kept both. */
    if (!refused || clash) { let_go(); }
    say(refused ? "refused" : "");
    if (moving) { var go = moving; moving = null; go(); }
  }

  /* Somebody who signs in again in another tab has it saved from here by the next trial. */
  function unsaved(why) {
    moving = null;
    alarm(why);
    say("failed");
    keep();
    clearTimeout(timer);
    timer = setTimeout(push, AGAIN);
  }

  /* Dash tells a page nothing of an answer that it does not get; the sending is listened to. */
  var ask = window.fetch;
  window.fetch = function (where, how) {
    var body = how && typeof how.body === "string" ? how.body : "";
    var saving = body.indexOf("review-outbox.data") >= 0, moves = body.indexOf("review-move.data") >= 0;
    var answer = ask.apply(this, arguments);
    if (saving || moves) {
      answer.then(function (got) {
        if (got.ok) { if (moves) { alarm(""); chosen = {}; let_go(); } } else { refused(got.status === 401 ? "ended" : "lost", moves); }
      }, function () { refused("lost", moves); });
    }
    return answer;
  };

  function refused(why, moves) {
    if (moves) { if (place()) { keep(); } alarm(why); } else { failed = why; }
  }

  function typed() {
    if (!place()) { return; }
    say("typing");
    clearTimeout(timer);
    timer = setTimeout(push, PAUSE);
  }

  function shown(field, value) {
    picks[field] = value;
    document.querySelectorAll("[data-review-pick='" + field + "']").forEach(function (each) {
      each.setAttribute("aria-pressed", each.getAttribute("data-value") === value ? "true" : "false");
    });
    counted();
  }

  /* How many of the questions have an answer, in the words that the page has for each number. */
  function counted() {
    var at = document.querySelector("[data-review-counts]");
    if (!at) { return; }
    var words = at.getAttribute("data-review-counts").split("|");
    var groups = document.querySelectorAll(".rv-questions [role=group]");
    at.textContent = words[Array.prototype.filter.call(groups, function (group) {
      return group.querySelector("[aria-pressed=true]");
    }).length];
  }

  function press(button) {
    var field = button.getAttribute("data-review-pick"), value = button.getAttribute("data-value");
    shown(field, pressed(button) ? "" : value);
    typed();
  }

  function move(button) {
    var name = button.getAttribute("data-review-move");
    var said = document.querySelector("[data-review-say='" + (name === "agree" || name === "disagree" ? "speak" : name) + "'] textarea");
    var about = Array.prototype.map.call(
      document.querySelectorAll("[data-review-about][aria-checked='true']"),
      function (box) { return box.getAttribute("data-review-about"); });
    clearTimeout(timer);
    function go() {
      seq += 1;
      window.dash_clientside.set_props("review-move", { data: {
        seq: seq, move: name, text: said ? said.value : "", about: about, now: place() ? held() : {}, chosen: chosen
      } });
    }
    if (place() && busy()) { moving = go; watch(); } else { go(); }
  }

  /* What was typed a moment ago may be all that was missing: then the answer of the server counts. */
  function idle(button) {
    var at = document.getElementById("review-saved");
    return button.getAttribute("aria-disabled") === "true" && !(at && at.getAttribute("data-saving"));
  }

  /* Both ways the person has seen what stands: that is what the page now begins with. */
  function take(button) {
    var field = button.getAttribute("data-review-take"), box = button.closest(".rv-clash-of");
    var theirs = box.getAttribute("data-theirs") || "";
    chosen[field] = theirs;
    if (button.getAttribute("data-which") === "theirs") {
      var area = document.querySelector("[data-review-field='" + field + "'] textarea");
      if (area) { written(area, theirs); } else { shown(field, theirs); }
    }
    box.hidden = true;
    typed();
  }

  /* React hears of a value only where its own setter was called. */
  function written(area, text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("[data-review-field]")) { typed(); }
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    if (!target) { return; }
    var one = target.closest("[data-review-pick]");
    if (one && !one.disabled) { press(one); return; }
    one = target.closest("[data-review-about]");
    if (one) { one.setAttribute("aria-checked", one.getAttribute("aria-checked") === "true" ? "false" : "true"); return; }
    one = target.closest("[data-review-take]");
    if (one) { take(one); return; }
    one = target.closest("[data-review-move]");
    if (one) { if (!idle(one)) { move(one); } return; }
    if (target.closest("[data-meeting-reset]")) { begun = Date.now(); }
  });

  /* What is typed and not yet saved is not left behind unasked. */
  window.addEventListener("beforeunload", function (event) {
    var at = document.getElementById("review-saved");
    if (at && at.getAttribute("data-saving")) { push(); event.preventDefault(); }
  });

  var begun = Date.now(), screen = "";
  setInterval(function () {
    place();
    var clock = document.querySelector("[data-meeting-clock]");
    if (!clock) { screen = ""; return; }
    if (screen !== location.href) { screen = location.href; begun = Date.now(); }
    var past = Math.floor((Date.now() - begun) / 1000), rest = past % 60;
    clock.textContent = Math.floor(past / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }, 500);

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("[data-meeting]")) { return; }
    var which = { ArrowRight: "after", PageDown: "after", ArrowLeft: "before", PageUp: "before" }[event.key];
    var step = which && document.querySelector("[data-meeting-step='" + which + "'] a");
    if (step) { event.preventDefault(); step.click(); }
  });
}());
