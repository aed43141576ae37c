{#- What search looks through: a row for each part of each page, with its address, page title, heading, what the page is
    about, and its words, each once. A script, not data, so that it also loads from a USB stick. -#}
{%- set numbers = range(100) | map("string") | list -%}
{%- set empty = "a an and are as at be been but by can could did do does for from had has have how if in into is it its may me my more not of on one or other out over should so than that the their them then there they this to was we were what when where which who why will with would you your".split() -%}
var searchIndex = [
{%- for item in nav.pages if item.url not in ["search/", "search.html"] -%}
  {#- A print-out says what pages say, and nobody looks for the name of a paper: their titles are enough. -#}
  {%- set title_only = item.meta.template or "sources" in item.url -%}
  {%- set text = "" if title_only else item.content.split('<div class="footnote">')[0].replace("<", " <") -%}
  {%- for part in text.split('<h2 id="') -%}
    {%- if loop.first -%}
      {%- set row = [item.url, "", item.meta.description, item.meta.description ~ part] -%}
    {%- else -%}
      {%- set heading = part.split(" </h2>")[0].split(">", 1)[1] | striptags -%}
      {%- set row = [item.url ~ "#" ~ part.split('"')[0], heading, "", part.split(" </h2>", 1)[1]] -%}
    {%- endif -%}
    {%- set found = namespace(words=(row[3] | striptags).lower()) -%}
    {%- for mark in ".,:;?!()[]/\"“”’'–\u00a0" -%}
      {%- set found.words = found.words.replace(mark, " ") -%}
    {%- endfor -%}
    {{- [row[0], item.meta.title, row[1], row[2], found.words.split() | unique | reject("in", numbers) | reject("in", empty) | join(" ")] | tojson }},
{% endfor -%}
{%- endfor -%}
];
