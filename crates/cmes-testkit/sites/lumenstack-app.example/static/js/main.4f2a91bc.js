/*! For license information please see main.4f2a91bc.js.LICENSE.txt */
(self.webpackChunklumenstack=self.webpackChunklumenstack||[]).push([[179],{}]);
// What a bundle does, without the library: the text of every page is made here.
const link = (href, text) => `<a href="${href}">${text}</a>`;
const frame = (main, firm) => `
<header>${link("/", `<img src="/static/media/logo.svg" alt="Lumenstack logo">`)}<nav>${link("/about", "About us")}${link("/contact", "Contact")}${link("/imprint", "Legal notice")}</nav></header>
<main>${main}</main>
<footer><p>© 2026 ${firm.legalName}</p>${link(firm.linkedin, "LinkedIn")}</footer>`;
const pages = {
  "/": () => `<h1>Shift planning for care teams</h1>
<p>Lumenstack plans shifts for hospitals and care homes in minutes. Our software knows contracts, rest periods and wishes, and finds the plan that suits everybody.</p>
<p>More than 140 wards in England and Wales plan their shifts with Lumenstack every month.</p>`,
  "/about": (firm) => `<h1>About us</h1>
<p>Lumenstack was founded in Bristol in 2019 by two nurses and a mathematician. Today a team of 34 people looks after our customers.</p>
<h2>Our team</h2>
${firm.team.map((person) => `<article><h3>${person.name}</h3><p>${person.position}</p></article>`).join("")}`,
  "/contact": (firm) => `<h1>Contact</h1>
<p>Phone: <a href="tel:${firm.phone.replaceAll(" ", "")}">${firm.phone}</a></p>
<p>E-mail: <a href="mailto:${firm.email}">${firm.email}</a></p>`,
  "/imprint": (firm) => `<h1>Legal notice</h1>
<p>${firm.legalName}<br>${firm.street}<br>${firm.city} ${firm.postcode}<br>${firm.country}</p>
<p>Phone: ${firm.phone}<br>E-mail: ${firm.email}</p>
<p>Registered in England and Wales, company number 00999999.</p>`,
};
fetch("/api/firm.json")
  .then((answer) => answer.json())
  .then((firm) => {
    const page = pages[location.pathname] || pages["/"];
    document.getElementById("root").innerHTML = frame(page(firm), firm);
  });
