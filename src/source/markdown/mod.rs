//! Markdown articles: blog posts of static site generators and plain Markdown files.
//!
//! In front of the text may stand front matter: YAML between `---` lines (Gatsby and Netlify CMS
//! with `templateKey: blog-post`, Jekyll, Hugo, Next.js) or TOML between `+++` lines (Zola, Hugo).
//! Quirks: keys in any order and case, quoted and folded values, lists in one line with a comma
//! too many, a `---` rule inside the text, pages that are front matter only, links with
//! `:~:text=` fragments. MDX is not read.
//!
//! Samples: a clinic's blog post (Netlify CMS), a post of Netlify CMS's own Gatsby starter
//! (`coffee-beans`), two pages of a dental clinic's site that are front matter only, and a post
//! of blog.rust-lang.org (`welcome`, Zola).

mod body;
mod convert;
mod front_matter;

use crate::record::Format;
use crate::source::context::Context;
use crate::source::{Converted, RawBody, RawRecord, Reason, Sample, SourceFormat};

/// The Markdown format.
pub(crate) struct Markdown;

/// Endings of the names of Markdown files.
const ENDINGS: [&str; 4] = ["md", "markdown", "mdown", "mkd"];

/// Endings of files that begin with a block between `---` or `+++` and are something else.
const OTHERS: [&str; 9] = [
    "mdx", "yaml", "yml", "toml", "html", "htm", "json", "njk", "astro",
];

impl SourceFormat for Markdown {
    fn format(&self) -> Format {
        Format::Markdown
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let head = String::from_utf8_lossy(sample.head);
        let file = sample.name.rsplit('/').next().unwrap_or(sample.name);
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
        if OTHERS.contains(&ending) || sample.head.contains(&0) {
            return false;
        }
        if front_matter::is_at_beginning_of(&head) {
            return true;
        }
        if ENDINGS.contains(&ending) {
            return !is_page_of_html(&head);
        }
        // Nothing tells the format of what comes through a pipe but its first heading.
        ending.is_empty() && head.trim_start().starts_with("# ")
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let RawBody::Bytes(bytes) = &raw.body else {
            return Err(Reason::new("a table is no article"));
        };
        let text = std::str::from_utf8(bytes).map_err(|e| {
            Reason::new("not UTF-8").byte(u64::try_from(e.valid_up_to()).unwrap_or(0))
        })?;
        convert::convert(text, context)
    }
}

/// Whether a file with a Markdown name is a whole page of HTML, such as an error page.
fn is_page_of_html(head: &str) -> bool {
    let head = head.trim_start();
    ["<!doctype html", "<html"].iter().any(|begin| {
        head.get(..begin.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(begin))
    })
}

#[cfg(test)]
mod tests;
