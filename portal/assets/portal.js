/* What the browser does by itself: theme, menus, palette, and colours of figures. No data passes here. */
(function () {
  "use strict";
  var root = document.documentElement;
  var base = (document.currentScript ? document.currentScript.src : "/assets/portal.js").replace(/portal\.js.*$/, "");

  /* Where a person's own colours hold, ours are names of theirs ("CanvasText"), or mixed of them,
     which the charts' script cannot read: the browser says what they are. */
  var probe;
  function plain(colour) {
    if (!window.matchMedia("(forced-colors: active)").matches) { return colour; }
    probe = probe || document.body.appendChild(document.createElement("i"));
    probe.style.cssText = "display:none;forced-color-adjust:none;color:" + colour;
    var told = getComputedStyle(probe).color, parts = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)/.exec(told);
    return parts ? "rgb(" + parts.slice(1).map(function (part) { return Math.round(part * 255); }).join(",") + ")" : told;
  }

  /* Figures name colours as var(--data); they are looked up when a figure is drawn, and again when
     the theme changes. A figure as it came is kept on its element. */
  function looked(value, style) {
    if (typeof value === "string") {
      return value.indexOf("var(--") < 0 ? value : value.replace(/var\((--[\w-]+)\)/g, function (_, name) {
        return plain(style.getPropertyValue(name).trim());
      });
    }
    if (Array.isArray(value)) { return value.map(function (each) { return looked(each, style); }); }
    if (value && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = looked(value[key], style); });
      return copy;
    }
    return value;
  }

  /* A phone has no room for every tick, nor for the text of notes: every second or third tick is
     kept, and a note is a letter whose text stands in the list below the figure. */
  function narrowed(figure) {
    var layout = figure.layout || {};
    if (window.innerWidth >= 768) { return figure; }
    var axis = layout.xaxis || {};
    var every = Math.ceil((axis.tickvals || []).length / 4);
    if (every > 1) {
      axis.ticktext = axis.ticktext.map(function (text, at) { return (axis.ticktext.length - 1 - at) % every ? "" : text; });
    }
    var notes = 0;
    (layout.annotations || []).forEach(function (note) {
      if (note.showarrow) { note.text = String.fromCharCode(65 + notes); notes += 1; }
    });
    return figure;
  }

  /* A point that leads somewhere has the address as its id; the table below has the same links. */
  function led(gd) {
    var leads = (gd.data || []).some(function (trace) { return trace.ids; });
    gd.classList.toggle("leads", leads);
    if (leads && !gd.portalLed) {
      gd.portalLed = true;
      gd.on("plotly_click", function (event) {
        var point = event.points.filter(function (each) { return each.id; })[0];
        if (point && /^\/(?!\/)/.test(point.id)) { window.portal.go(point.id); }
      });
    }
    return gd;
  }

  function coloured(plotly) {
    var react = plotly.react;
    plotly.react = function (at, figure) {
      var gd = typeof at === "string" ? document.getElementById(at) : at;
      var rest = Array.prototype.slice.call(arguments, 2);
      if (gd && figure && !Array.isArray(figure)) { gd.portalFigure = figure; }
      return react.apply(plotly, [gd, narrowed(looked(figure, getComputedStyle(root)))].concat(rest)).then(led);
    };
    plotly.repaint = function () {
      document.querySelectorAll(".js-plotly-plot").forEach(function (gd) {
        if (gd.portalFigure) { plotly.react(gd, gd.portalFigure); }
      });
    };
    return plotly;
  }

  /* The basic bundle is fetched when the first graph asks for it: dash waits for what stands in
     window.Plotly, and this stands there until the bundle puts itself in its place. */
  var asked;
  function bundle() {
    asked = asked || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = base + "vendor/plotly-basic-4.1.1.min.js";
      script.async = true;
      script.onload = function () { done([coloured(window.Plotly)]); };
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return asked;
  }
  window.Plotly = { then: function (done, failed) {
    bundle().then(function (held) { done(held[0]); }, failed);
  } };

  function themed(name) {
    root.setAttribute("data-bs-theme", name);
    document.cookie = "theme=" + name + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    if (window.Plotly.repaint) { window.Plotly.repaint(); }
  }

  /* Paper is light, and narrower than the screen: charts take the light colours, and may shrink whole. */
  var shown = "";
  window.addEventListener("beforeprint", function () {
    shown = root.getAttribute("data-bs-theme");
    if (shown === "dark") { root.setAttribute("data-bs-theme", "light"); if (window.Plotly.repaint) { window.Plotly.repaint(); } }
    document.querySelectorAll(".js-plotly-plot .main-svg").forEach(function (svg) {
      var wide = svg.getAttribute("width"), high = svg.getAttribute("height"), box = svg.closest(".dash-graph");
      if (wide && high) { svg.setAttribute("viewBox", "0 0 " + parseFloat(wide) + " " + parseFloat(high)); }
      if (box && high) { box.style.setProperty("--drawn", parseFloat(high) + "px"); }
    });
  });
  window.addEventListener("afterprint", function () {
    if (shown !== "dark") { return; }
    root.setAttribute("data-bs-theme", shown);
    if (window.Plotly.repaint) { window.Plotly.repaint(); }
  });

  function palette() {
    var dialog = document.getElementById("palette");
    if (!dialog || !dialog.showModal) { return false; }
    if (!dialog.open) { dialog.showModal(); }
    var field = dialog.querySelector("input");
    if (field) { field.focus(); field.select(); }
    return true;
  }

  function closed(but) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== but) { menu.open = false; }
    });
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!target.closest) { return; }
    if (target.closest("[data-theme-toggle]")) {
      themed(root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
    }
    if (target.closest("[data-print]")) { window.print(); }
    if (target.closest("[data-reload]")) { location.reload(); }
    var copy = target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(location.href).then(function () {
        copy.setAttribute("data-done", "");
        setTimeout(function () { copy.removeAttribute("data-done"); }, 2000);
      });
    }
    if (target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey && palette()) { event.preventDefault(); }
    var dialog = document.getElementById("palette");
    if (dialog && dialog.open && (target === dialog || target.closest("#palette a"))) { dialog.close(); }
    var menu = target.closest("details.menu");
    closed(menu && target.closest("a") ? null : menu);
  }, true);

  function walk(dialog, by) {
    var rows = Array.prototype.slice.call(dialog.querySelectorAll("a.pal-row"));
    if (!rows.length) { return; }
    var at = rows.indexOf(document.activeElement) + by;
    if (at < 0) { dialog.querySelector("input").focus(); } else { rows[Math.min(at, rows.length - 1)].focus(); }
  }

  document.addEventListener("keydown", function (event) {
    var dialog = document.getElementById("palette");
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (palette()) { event.preventDefault(); }
    } else if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      if (palette()) { event.preventDefault(); }
    } else if (event.key === "Escape") {
      var open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    } else if (dialog && dialog.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      walk(dialog, event.key === "ArrowDown" ? 1 : -1);
    } else if (dialog && dialog.open && event.key === "Enter" && event.target.tagName === "INPUT") {
      var first = dialog.querySelector("a.pal-row");
      if (first) { event.preventDefault(); first.click(); }
    }
  });

  /* A colour is typed or picked: each of the two fields follows the other. */
  document.addEventListener("input", function (event) {
    var target = event.target, of = target.getAttribute("data-colour-of");
    var field = of && document.getElementById(of);
    if (field) {
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, target.value.toUpperCase());
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (/^#[0-9a-f]{6}$/i.test(target.value)) {
      document.querySelectorAll("[data-colour-of]").forEach(function (pick) {
        if (pick.getAttribute("data-colour-of") === target.id) { pick.value = target.value.toLowerCase(); }
      });
    }
  });

  /* A file that is too large is told before it is sent: a refusal would lose the choice. */
  document.addEventListener("change", function (event) {
    var field = event.target, most = Number(field.getAttribute("data-most"));
    if (field.type !== "file" || !most) { return; }
    var file = field.files[0];
    field.setCustomValidity(file && file.size > most ? field.getAttribute("data-too-large") : "");
    field.reportValidity();
  });

  /* Once a minute, and only from a page that somebody looks at: are its numbers the newest still,
     and how much is unread? Nothing is drawn anew by itself: somebody may be typing. */
  var MINUTE = 60000, looked_at = Date.now();
  function freshen(told) {
    var fresh = document.getElementById("fresh"), bell = document.getElementById("bell");
    if (!told || !fresh || !bell) { return; }
    fresh.hidden = !told.version || told.version === fresh.getAttribute("data-seen");
    if (told.unread) { bell.setAttribute("data-count", Math.min(told.unread, 99)); } else { bell.removeAttribute("data-count"); }
    bell.setAttribute("aria-label", told.unread ? bell.getAttribute("data-unread").replace("#", told.unread) : bell.getAttribute("data-read"));
  }
  function look() {
    if (document.visibilityState !== "visible" || Date.now() - looked_at < MINUTE || !document.getElementById("fresh")) { return; }
    looked_at = Date.now();
    fetch("/fresh", { redirect: "manual", cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(freshen, function () { /* The next minute asks again. */ });
  }
  setInterval(look, MINUTE / 4);
  document.addEventListener("visibilitychange", look);
}());
