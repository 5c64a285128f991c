// The secret of a password link stands after the mark of the address, where no server sees it.
(function () {
  var form = document.querySelector("[data-link-form]");
  var secret = window.location.hash.slice(1);
  if (form && secret) {
    form.querySelector("[name=link]").value = secret;
    window.history.replaceState(null, "", window.location.pathname);
  }
})();
