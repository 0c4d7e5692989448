for (const box of document.querySelectorAll('.grid')) {
 const form = box.querySelector('form'), [text, one] = form.elements, bodies = box.querySelectorAll('tbody'), size = bodies[0].rows.length
 const rows = () => [...box.querySelectorAll('tbody tr')]
 form.hidden = 0
 form.oninput = () => {
  for (const fold of box.querySelectorAll('details')) fold.open = 1
  for (const row of rows()) row.hidden = !row.cells[0].textContent.toLowerCase().includes(text.value.toLowerCase()) || one.checked && !row.dataset.one
 }
 ;[...box.querySelector('tr').cells].forEach((head, i) => {
  const button = document.createElement('button'), key = row => {
   const said = row.cells[i].textContent.replace('−', '-').replace(',', '')
   return i ? parseFloat(said) || 0 : said
  }
  let way = 1
  button.append(...head.childNodes)
  head.append(button)
  button.onclick = () => {
   way = -way
   rows().sort((a, b) => key(a) < key(b) ? way : -way).forEach((row, k) => bodies[+(k >= size)].append(row))
  }
 })
}
