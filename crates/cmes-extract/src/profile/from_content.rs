//! What the Content itself says, merged into what the site says.

use cmes_types::{Email, Phone};
use url::Url;

use super::{Builder, MOST, web_link};
use crate::facts::phones;

impl Builder<'_> {
    /// A number as written, in international format where it can be read as one.
    pub(super) fn international(&self, written: &str) -> String {
        let regions = phones::regions::of(&self.site, self.site.pages.first());
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        phones::whole(written, &regions).map_or_else(|| written.trim().to_owned(), |number| number.text)
    }

    /// Numbers of the text that are not the person's alone.
    pub(super) fn content_phones(&mut self) {
        for (written, words) in &self.material.content.facts.phones {
            let number = self.international(written);
            let known = self.data.phones.iter().any(|phone| phone.phone_number == number);
            let personal = self.data.contacts.iter().any(|contact| contact.phone == number);
            if number.is_empty() || known || personal && !self.data.phones.is_empty() || self.data.phones.len() >= MOST
            {
                continue;
            }
            let index = self.data.phones.len();
            self.data.phones.push(Phone { phone_number: number.clone(), primary: index == 0 });
            self.note_content(format!("Phones[{index}]"), &number, words);
        }
    }

    /// Addresses of the text at the company's own domain; without a site, all.
    pub(super) fn content_emails(&mut self) {
        for (email, words) in &self.material.content.facts.emails {
            let email = email.trim().to_lowercase();
            let host = email.rsplit('@').next().unwrap_or_default();
            let own = self.site.domain.is_empty() || psl::domain_str(host).unwrap_or(host) == self.site.domain;
            let known = self.data.emails.iter().any(|known| known.email == email);
            let personal = self.data.contacts.iter().any(|contact| contact.email == email);
            if email.is_empty()
                || !own
                || known
                || personal && !self.data.emails.is_empty()
                || self.data.emails.len() >= MOST
            {
                continue;
            }
            let index = self.data.emails.len();
            self.data.emails.push(Email { email: email.clone(), primary: index == 0 });
            self.note_content(format!("Emails[{index}]"), &email, words);
        }
    }

    /// Profiles on networks where the site has none.
    pub(super) fn content_links(&mut self) {
        for (address, words) in &self.material.content.facts.links {
            let Some(link) = Url::parse(address).ok().as_ref().and_then(web_link) else { continue };
            let is_network =
                NETWORKS.iter().any(|network| link.host == *network || link.host.ends_with(&format!(".{network}")));
            let known = self.data.social_nets_links.iter().any(|known| same_network(&known.host, &link.host));
            if !is_network || known || link.link.len() < 2 || self.data.social_nets_links.len() >= MOST {
                continue;
            }
            let index = self.data.social_nets_links.len();
            self.note_content(format!("SocialNetsLinks[{index}]"), &format!("{}{}", link.host, link.link), words);
            self.data.social_nets_links.push(link);
        }
    }
}

const NETWORKS: &[&str] = &[
    "linkedin.com",
    "facebook.com",
    "instagram.com",
    "x.com",
    "twitter.com",
    "youtube.com",
    "tiktok.com",
    "xing.com",
    "vk.com",
    "t.me",
    "pinterest.com",
    "threads.net",
    "bsky.app",
    "github.com",
    "vimeo.com",
    "ok.ru",
    "line.me",
    "weibo.com",
];

/// Whether two hosts belong to one network.
fn same_network(one: &str, other: &str) -> bool {
    let network = |host: &str| NETWORKS.iter().position(|n| host == *n || host.ends_with(&format!(".{n}")));
    one == other || network(one).is_some() && network(one) == network(other)
}
