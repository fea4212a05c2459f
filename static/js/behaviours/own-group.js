/* A choice in groups shows those of what another field of the form says (data-of): a group's name is
   the words of the option chosen there. Without a choice there it shows all. */
export function attach(select) {
  const groups = [...select.querySelectorAll("optgroup")];
  const plain = [...select.children].filter((child) => !groups.includes(child));
  const other = select.form.elements[select.dataset.of];

  const show = () => {
    const kept = select.value;
    const wanted = other.value && other.selectedOptions[0].text;
    select.replaceChildren(...plain, ...groups.filter(({ label }) => !wanted || label === wanted));
    select.value = kept;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  };
  other.addEventListener("change", show);
  show();
}
