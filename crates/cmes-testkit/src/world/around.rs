//! What stands around the companies in a real web: lists of them, articles, and domains that nobody answers for.

use super::WorldCompany;
use super::data::{Article, Data, Hostile, List, ListStyle, Parked, State};
use super::page::escape;
use super::pick::{below, seed};
use super::slug::slug;
use crate::site::{Redirect, Site, SiteFile};

/// A list with its entries in order.
pub(super) fn list(data: &Data, list: &List, all: &[WorldCompany]) -> (Site, Vec<String>) {
    let seed = seed(&[&list.host]);
    let fits = |company: &&WorldCompany| {
        list.activities.iter().any(|activity| company.activities.contains(activity))
            && (list.countries.is_empty() || list.countries.contains(&company.country))
            && (list.cities.is_empty() || list.cities.contains(&company.city_key))
    };
    let mut entries: Vec<&WorldCompany> = all.iter().filter(fits).collect();
    entries.sort_by_key(|company| super::pick::mixed(company.seed ^ seed));
    entries.truncate(list.most);
    let rows: String = entries.iter().enumerate().map(|(number, company)| row(list, number, company)).collect();
    let rows = match list.style {
        ListStyle::Table => format!("<table>{rows}</table>"),
        ListStyle::Article | ListStyle::Market => rows,
        _ => format!("<ul class=\"results\">{rows}</ul>"),
    };
    let body = format!(
        "<nav><a href=\"/\">{0}</a> <a href=\"/login\">Login</a></nav><h1>{0}</h1><p>{1}</p>{rows}<footer>© {2}</footer>",
        escape(&list.title),
        escape(&list.intro),
        list.host
    );
    let mut files = vec![SiteFile::made("/", html(&list.language, &list.title, &body))];
    if list.style == ListStyle::Detail {
        files.extend(entries.iter().map(|company| detail(data, list, company)));
    }
    (Site::made(&list.host, files), entries.iter().map(|company| company.host.clone()).collect())
}

fn row(list: &List, number: usize, company: &WorldCompany) -> String {
    let (name, city, host) = (escape(&company.name), escape(&company.city), &company.host);
    let snippet: String = escape(&company.text.chars().take(140).collect::<String>());
    match list.style {
        ListStyle::Links => {
            format!("<li><a href=\"http://{host}/\">{name}</a> – {city}<br><small>{snippet}…</small></li>\n")
        }
        ListStyle::Detail => format!("<li><a href=\"/firm/{}\">{name}</a>, {city}</li>\n", company_slug(company)),
        ListStyle::Names => format!("<li>{}. {name} ({city})</li>\n", number + 1),
        ListStyle::Article => {
            let number = number + 1;
            format!(
                "<h2>{number}. {name}</h2><p>{snippet}… ({city})</p><p><a href=\"http://{host}/\" rel=\"nofollow\">Website</a></p>\n"
            )
        }
        ListStyle::Table => {
            format!("<tr><td>{name}</td><td>{city}</td><td>{}</td><td>www.{host}</td></tr>\n", company.phone)
        }
        ListStyle::Market => {
            let price = 3 + below(company.seed, 700, 400);
            format!(
                "<div class=\"offer\"><h3>#{} – {price},00</h3><p>{name}, {city} ★★★★☆</p><button>OK</button></div>\n",
                number + 1
            )
        }
    }
}

fn company_slug(company: &WorldCompany) -> String {
    slug(company.host.split('.').next().unwrap_or_default(), "-")
}

fn detail(data: &Data, list: &List, company: &WorldCompany) -> SiteFile {
    let country = data.country_name(&company.country, &list.language);
    let body = format!(
        "<a href=\"/\">« {}</a><h1>{}</h1><p>{}, {} {}, {country}</p><p>{}</p><p><a href=\"http://{}/\" rel=\"nofollow ugc\">Website</a></p><p>★★★☆☆ (12)</p>",
        escape(&list.title),
        escape(&company.name),
        escape(&company.street),
        company.zip,
        escape(&company.city),
        company.phone,
        company.host
    );
    SiteFile::made(format!("/firm/{}", company_slug(company)), html(&list.language, &company.name, &body))
}

/// An article, with two companies named in it where it is about some.
pub(super) fn article(article: &Article, all: &[WorldCompany]) -> SiteFile {
    let fits = |company: &&WorldCompany| {
        article.activities.iter().any(|activity| company.activities.contains(activity))
            && (article.countries.is_empty() || article.countries.contains(&company.country))
    };
    let named: Vec<&WorldCompany> = all.iter().filter(fits).collect();
    let start = below(seed(&[&article.path]), 1, named.len());
    let put = |text: &str, linked: bool| {
        let mut text = escape(text);
        for number in 0..2 {
            let Some(company) = named.get((start + number) % named.len().max(1)) else { break };
            let name = escape(&company.name);
            let shown = match linked && number == 0 {
                true => format!("<a href=\"http://{}/\">{name}</a>", company.host),
                false => name,
            };
            text = text.replace(&format!("{{{number}}}"), &shown);
        }
        text
    };
    let paragraphs: String =
        article.text.trim().split("\n\n").map(|paragraph| format!("<p>{}</p>", put(paragraph, true))).collect();
    let title = put(&article.title, false);
    let body = format!("<article><h1>{title}</h1>{paragraphs}</article><aside>Newsletter · RSS</aside>");
    let document = format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>",
        article.language
    );
    SiteFile::made(article.path.as_str(), document)
}

/// What answers for a domain that nobody has any more; nothing where there is no server.
pub(super) fn parked(parked: &Parked) -> Option<Site> {
    let host = &parked.host;
    let page = |title: &str, body: &str| Site::made(host, vec![SiteFile::made("/", html("en", title, body))]);
    let site = match parked.state {
        State::Sale => page(
            &format!("{host} is for sale"),
            &format!(
                "<h1>{host}</h1><p>The domain {host} is for sale. Buy now for 2,495 USD or make an offer.</p><ul><li>Related searches</li><li>{}</li></ul>",
                escape(&parked.remembered)
            ),
        ),
        State::Empty => page("", ""),
        State::Default => page(
            "Welcome",
            "<h1>This page was generated by the hosting panel</h1><p>The owner of this domain has not put any content here yet.</p>",
        ),
        State::Gone | State::Broken => {
            let mut site = page("Error", "<h1>Error</h1>");
            let status = if parked.state == State::Gone { 404 } else { 500 };
            site.config.status.insert("/".to_owned(), status);
            site
        }
        State::Loop => {
            let mut site = page("", "");
            let hop = |from: &str, to: &str| Redirect { from: from.to_owned(), to: to.to_owned(), status: 302 };
            site.config.redirects = vec![hop("/", "/start"), hop("/start", "/")];
            site
        }
        State::Refused | State::Hanging => return None,
    };
    Some(site)
}

/// A hostile site; its filling is markup without end, as far as a reader is concerned.
pub(super) fn hostile(hostile: &Hostile) -> Site {
    let nest = "<div><b>.</b>".repeat(hostile.filling / 13);
    let body = format!("<h1>{}</h1><p>{}</p>{nest}", escape(&hostile.title), escape(&hostile.text));
    Site::made(&hostile.host, vec![SiteFile::made("/", html(&hostile.language, &hostile.title, &body))])
}

fn html(language: &str, title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>"
    )
}
