//! Which texts of a record each field has.

use trialdex::record::{Article, CitedArticle, Outcome, Record, Registry, Trial};

/// The values of a text field.
pub(super) fn of<'a>(record: &'a Record, field: &str) -> Vec<&'a str> {
    match record {
        Record::Trial(trial) => of_trial(trial, field),
        Record::Article(article) => of_article(article, field),
    }
}

fn each<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    texts.into_iter().map(String::as_str).collect()
}

fn outcomes(outcomes: &[Outcome]) -> Vec<&str> {
    let texts = outcomes
        .iter()
        .flat_map(|outcome| [&outcome.measure, &outcome.method, &outcome.description]);
    each(texts.flatten())
}

fn of_trial<'a>(trial: &'a Trial, field: &str) -> Vec<&'a str> {
    match field {
        "ids" => {
            let mut all = vec![trial.trial_id.as_str()];
            all.extend(each(&trial.id_aliases));
            all.extend(each(&trial.secondary_ids));
            all.extend(each(&trial.registry_ids));
            let iranian = trial.registry == Registry::Irct;
            let stem = trial.trial_id.split_once('N').filter(|_| iranian);
            all.extend(stem.map(|(stem, _)| stem));
            let reviews = trial.ethics_review.iter();
            all.extend(each(reviews.filter_map(|review| review.reference.as_ref())));
            let support = trial.support_sources.iter();
            all.extend(each(support.filter_map(|source| source.grant_id.as_ref())));
            all
        }
        "acronym" => each(&trial.acronym),
        "public_title" => each(&trial.public_title),
        "scientific_title" => each(&trial.scientific_title),
        "conditions" => {
            let mut all = Vec::new();
            for condition in &trial.conditions {
                all.push(condition.text.as_str());
                let codes = condition.codes.iter();
                all.extend(each(
                    codes.flat_map(|code| [&code.code, &code.term]).flatten(),
                ));
            }
            all
        }
        "keywords" => each(&trial.keywords),
        "condition_mesh_terms" => each(trial.condition_mesh_terms.iter().map(|mesh| &mesh.term)),
        "condition_mesh_ancestors" => {
            each(trial.condition_mesh_ancestors.iter().map(|mesh| &mesh.term))
        }
        "interventions" => {
            let mut all = Vec::new();
            for intervention in &trial.interventions {
                let named = intervention.name.as_ref();
                all.extend(each(named.or(intervention.description.as_ref())));
                all.extend(each(&intervention.other_names));
            }
            all
        }
        "intervention_mesh_terms" => {
            each(trial.intervention_mesh_terms.iter().map(|mesh| &mesh.term))
        }
        "intervention_mesh_ancestors" => each(
            trial
                .intervention_mesh_ancestors
                .iter()
                .map(|mesh| &mesh.term),
        ),
        "intervention_descriptions" => {
            let named = trial.interventions.iter().filter(|one| one.name.is_some());
            each(named.filter_map(|one| one.description.as_ref()))
        }
        "arms" => each(
            trial
                .arms
                .iter()
                .flat_map(|arm| [&arm.label, &arm.description])
                .flatten(),
        ),
        "primary_outcomes" => outcomes(&trial.primary_outcomes),
        "secondary_outcomes" => {
            let mut all = outcomes(&trial.secondary_outcomes);
            all.extend(outcomes(&trial.other_outcomes));
            all
        }
        "brief_summary" => each(&trial.brief_summary),
        "detailed_description" => each(trial.detailed_description.iter().chain(&trial.why_stopped)),
        "inclusion" => each(&trial.inclusion_criteria),
        "exclusion" => each(&trial.exclusion_criteria),
        "eligibility" => each(
            trial
                .eligibility_criteria
                .iter()
                .chain(&trial.study_population),
        ),
        "sponsors" => {
            let mut all = each(&trial.primary_sponsor);
            all.extend(each(&trial.secondary_sponsors));
            all.extend(each(
                trial.support_sources.iter().map(|source| &source.name),
            ));
            all
        }
        "sites" => {
            let sites = trial.sites.iter();
            let mut all = each(
                sites
                    .flat_map(|site| [&site.facility, &site.city, &site.state])
                    .flatten(),
            );
            all.extend(each(&trial.country_names));
            all.extend(each(&trial.countries_verbatim));
            all
        }
        "people" => {
            let mut all = Vec::new();
            for official in &trial.officials {
                all.extend(each(official.name.iter().chain(&official.affiliation)));
            }
            let contacts = trial.public_contact.iter().chain(&trial.scientific_contact);
            for contact in contacts {
                all.extend(each(contact.name.iter().chain(&contact.affiliation)));
            }
            if let Some(party) = &trial.responsible_party {
                all.extend(each(party.name.iter().chain(&party.affiliation)));
            }
            all
        }
        "trial_cited" => {
            let references = trial.references.iter();
            let numbers = references.flat_map(|one| [&one.pmid, &one.pmcid, &one.doi]);
            let mut all = each(numbers.flatten());
            all.extend(each(&trial.related_ids));
            all
        }
        _ => Vec::new(),
    }
}

fn of_article<'a>(article: &'a Article, field: &str) -> Vec<&'a str> {
    match field {
        "article_ids" => {
            let mut all = vec![article.article_id.as_str()];
            all.extend(each(&article.url));
            all
        }
        "article_title" => each(&article.title),
        "article_description" => each(&article.description),
        "article_tags" => each(&article.tags),
        "article_headings" => each(&article.headings),
        "article_text" => each(article.text.iter().chain(&article.references)),
        "article_people" => each(&article.authors),
        "article_cited" => {
            let mut all = each(&article.cited_trials);
            all.extend(article.cited_articles.iter().map(|cited| match cited {
                CitedArticle::Doi(id) | CitedArticle::Pmid(id) | CitedArticle::Pmcid(id) => {
                    id.as_str()
                }
            }));
            all
        }
        _ => Vec::new(),
    }
}
