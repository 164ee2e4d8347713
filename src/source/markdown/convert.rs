//! A page in Markdown → an article.

use super::body::{self, Body};
use super::front_matter::{FrontMatter, Page, Value};
use crate::record::{Article, PartialDate, Record};
use crate::source::context::Context;
use crate::source::dates::{self, Order};
use crate::source::text::{html_text, line};
use crate::source::{Converted, Reason};

/// Keys of the front matter in their folded form, the better first.
const TITLE: &[&str] = &["title"];
const DESCRIPTION: &[&str] = &[
    "description",
    "summary",
    "excerpt",
    "abstract",
    "subtitle",
    "metadescription",
];
const DATE: &[&str] = &[
    "date",
    "publisheddate",
    "publishdate",
    "pubdate",
    "datepublished",
    "publishedat",
    "published",
    "createdat",
    "created",
    "today",
];
const UPDATED: &[&str] = &[
    "lastmod",
    "lastmodified",
    "lastmodifiedat",
    "lastupdated",
    "updated",
    "updatedat",
    "updateddate",
    "dateupdated",
    "modified",
    "modifieddate",
    "datemodified",
];
const TAGS: &[&str] = &[
    "tags",
    "tag",
    "categories",
    "category",
    "keywords",
    "topics",
];
const AUTHORS: &[&str] = &["authors", "author"];
const LANGUAGE: &[&str] = &["language", "lang", "locale"];
const URL: &[&str] = &["canonicalurl", "canonical", "permalink", "url"];

/// Words of a `status` that keep a page from readers.
const UNPUBLISHED: [&str; 5] = ["draft", "unpublished", "private", "hidden", "pending"];

/// Turns a page into an article.
pub(super) fn convert(text: &str, context: &mut Context<'_>) -> Result<Converted, Reason> {
    let page = Page::parse(text)?;
    let front_matter = &page.front_matter;
    if is_draft(front_matter) {
        return Ok(Converted::Draft);
    }
    let body = body::read(page.body);
    let title = clean_line(front_matter.text(TITLE)).or_else(|| body.headings.first().cloned());
    let description = clean_line(front_matter.text(DESCRIPTION));
    if title.is_none() && description.is_none() && body.text.is_none() {
        return Ok(Converted::Ignored);
    }
    let title = title.or_else(|| clean_line(Some(file_name(context.path_below_source))));
    let mut article = Article {
        article_id: article_id(front_matter, context.path_below_source),
        title,
        description,
        authors: list(front_matter, AUTHORS, &["name"]),
        tags: tags(front_matter),
        language: clean_line(front_matter.text(LANGUAGE)),
        url: url(front_matter),
        ..Article::default()
    };
    dates(&mut article, front_matter, context);
    cite(&mut article, &body, context);
    Ok(Converted::Record(Record::Article(Box::new(Article {
        headings: body.headings,
        text: body.text,
        references: body.references,
        links: body.links,
        ..article
    }))))
}

fn is_draft(front_matter: &FrontMatter) -> bool {
    let says = |keys: &[&str], word: &str| {
        let text = front_matter.text(keys);
        text.is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    let yes = |keys: &[&str]| {
        ["true", "yes", "on", "1"]
            .iter()
            .any(|word| says(keys, word))
    };
    let no = |keys: &[&str]| {
        ["false", "no", "off", "0"]
            .iter()
            .any(|word| says(keys, word))
    };
    let status = || UNPUBLISHED.iter().any(|word| says(&["status"], word));
    yes(&["draft", "isdraft", "unpublished"]) || no(&["published"]) || no(&["publish"]) || status()
}

/// The front matter's `path` or `slug`, else the path below the source without ending.
fn article_id(front_matter: &FrontMatter, path_below_source: &str) -> String {
    let own = ["path", "slug"].iter().find_map(|key| {
        let path = front_matter.text(&[key])?.trim_matches(['/', ' ']);
        (!path.is_empty()).then_some(path)
    });
    own.unwrap_or_else(|| without_ending(path_below_source))
        .to_owned()
}

fn without_ending(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.rfind('.') {
        Some(dot) if dot > name => &path[..dot],
        _ => path,
    }
}

fn file_name(path: &str) -> &str {
    let path = without_ending(path);
    path.rsplit('/').next().unwrap_or(path)
}

/// A value as one line without HTML.
fn clean_line(text: Option<&str>) -> Option<String> {
    line(&html_text(text?))
}

fn list(front_matter: &FrontMatter, keys: &[&str], of_table: &[&str]) -> Vec<String> {
    let value = front_matter.value(keys);
    let texts = value.map(|value| value.texts(of_table)).unwrap_or_default();
    texts
        .into_iter()
        .filter_map(|text| clean_line(Some(text)))
        .collect()
}

/// Tags of all kinds, each once; a text is a list with commas.
fn tags(front_matter: &FrontMatter) -> Vec<String> {
    let taxonomies = front_matter.value(&["taxonomies"]);
    let own = TAGS.iter().filter_map(|key| front_matter.value(&[key]));
    let mut tags: Vec<String> = Vec::new();
    for value in own.chain(taxonomies) {
        let words: Vec<&str> = match value {
            Value::Text(text) => text.split([',', ';']).collect(),
            value => value.texts(&[]),
        };
        for tag in words.into_iter().filter_map(|word| clean_line(Some(word))) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    tags
}

fn url(front_matter: &FrontMatter) -> Option<String> {
    let url = front_matter.text(URL)?;
    let is_address = url.starts_with("http://") || url.starts_with("https://");
    is_address.then(|| url.to_owned())
}

fn dates(article: &mut Article, front_matter: &FrontMatter, context: &mut Context<'_>) {
    let own = date(front_matter, DATE, context);
    // Zola's and Jekyll's pages have their date in their path.
    let dated = own
        .or_else(|| date_in_path(front_matter.text(&["path", "slug"])?))
        .or_else(|| date_in_path(context.path_below_source));
    if let Some((date, written)) = dated {
        article.date_verbatim = (date.to_string() != written).then(|| written.to_owned());
        article.date = Some(date);
    }
    let updated = date(front_matter, UPDATED, context).map(|(date, _)| date);
    article.as_of = updated.or(article.date);
}

/// The first date the keys give, with its spelling; `published: true` is none.
fn date<'a>(
    front_matter: &'a FrontMatter,
    keys: &[&str],
    context: &mut Context<'_>,
) -> Option<(PartialDate, &'a str)> {
    for key in keys {
        let Some(text) = front_matter.text(&[key]) else {
            continue;
        };
        if let Some(date) = dates::parse(text, Order::MonthFirst) {
            return Some((date, text));
        }
        if text.contains(|c: char| c.is_ascii_digit()) {
            context.note(format!("front matter: {key} is no date"));
        }
    }
    None
}

/// The date of a path like `2019/09/25/welcome`, `2019/0925/a` or `_posts/2019-09-25-welcome`.
fn date_in_path(path: &str) -> Option<(PartialDate, &str)> {
    let mut from = 0;
    for part in path.split_inclusive('/') {
        let rest = path.get(from..)?;
        from += part.len();
        let lengths = ["2019/09/25", "2019-09-25", "2019/0925"].map(str::len);
        let found = lengths.into_iter().find_map(|length| {
            let written = rest.get(..length)?;
            let ends = !rest
                .get(length..)?
                .starts_with(|c: char| c.is_ascii_digit());
            let digits: String = written.split(['/', '-']).collect();
            let is_date = digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit());
            let date = dates::parse(&digits, Order::MonthFirst).filter(|_| is_date && ends)?;
            Some((date, written))
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The trials and publications an article names, in the order they appear.
fn cite(article: &mut Article, body: &Body, context: &Context<'_>) {
    let title = article.title.iter();
    let texts = title.chain(&article.description).map(String::as_str);
    let texts: Vec<&str> = texts.chain([body.reading.as_str()]).collect();
    for found in texts
        .into_iter()
        .flat_map(|text| context.identifiers.find(text))
    {
        let number = found.identifier;
        if let Some(cited) = number.cited_article() {
            if !article.cited_articles.contains(&cited) {
                article.cited_articles.push(cited);
            }
        } else if number.is_trial() && !article.cited_trials.contains(&number.normal) {
            article.cited_trials.push(number.normal);
        }
    }
}
