/* What a page is made of and how it comes: ready HTML, then Dash's own drawing of the same in its place. */
(function () {
  "use strict";

  /* A branch of a page that stands still: one element whose inside came as HTML. */
  window.layouts = {
    Still: function (props) {
      var inside = props.html ? { dangerouslySetInnerHTML: { __html: props.html } } : {};
      return window.React.createElement(props.tag, Object.assign({}, props.attributes, inside));
    }
  };

  var HELD = "details,dialog,input,select,textarea,button,summary,a[href]";
  function all(within) { return Array.prototype.slice.call(within.querySelectorAll(HELD)); }

  /* React hears of a value only where its own setter was called. */
  function write(field, name, value) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), name).set.call(field, value);
    field.dispatchEvent(new Event(name === "value" && field.tagName !== "SELECT" ? "input" : "change", { bubbles: true }));
  }

  /* What a person has opened, chosen, typed and focused in the first drawing, in the second. */
  function carry(first, second) {
    var before = all(first), after = all(second);
    if (before.length !== after.length) { return; }
    before.forEach(function (old, at) {
      var now = after[at];
      if (old.tagName !== now.tagName) { return; }
      if (old.tagName === "DETAILS") { now.open = old.open; }
      if (old.tagName === "DIALOG" && old.open) { now.showModal(); }
      if (/^(checkbox|radio)$/.test(old.type || "")) {
        if (old.checked !== now.checked) { now.click(); }
      } else if (old.type === "file") {
        now.files = old.files;
      } else if (old.hasAttribute("data-colour-of")) {
        return; /* It follows the field beside it. */
      } else if (/^(INPUT|SELECT|TEXTAREA)$/.test(old.tagName) && old.type !== "hidden" && old.value !== now.value) {
        write(now, "value", old.value);
      }
    });
    var at = before.indexOf(document.activeElement);
    if (at >= 0) { after[at].focus({ preventScroll: true }); }
  }

  /* Dash draws behind the page that came ready, and takes its place when it stands: nobody sees
     "Loading" where numbers were. */
  var entry = document.getElementById("react-entry-point"), first = document.getElementById("first");
  if (entry && first) {
    var watch = new MutationObserver(function () {
      var frame = entry.querySelector("#frame");
      if (!frame) { return; }
      watch.disconnect();
      var y = window.scrollY;
      first.id = "";
      entry.style.display = "block";
      carry(first, entry);
      first.remove();
      entry.style.display = "";
      window.scrollTo(0, y);
    });
    watch.observe(entry, { childList: true, subtree: true });
  }

  /* A link to another page of the portal changes the address; what hears of it draws the page.
     Until Dash is there it is a link like any other. */
  function go(href) {
    var same = new URL(href, location.href).pathname === location.pathname;
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    if (!same) { window.scrollTo(0, 0); }
  }
  window.portal = { go: go };

  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[data-go]") : null;
    if (!link || link.target || event.defaultPrevented || event.button || document.getElementById("first")) { return; }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.origin !== location.origin) { return; }
    event.preventDefault();
    go(link.href);
  });
}());
