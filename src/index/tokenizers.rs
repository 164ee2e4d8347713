//! The analyzers of the schema, as tantivy calls them.

use crate::analysis::{Analyzer, FieldTokenizer};
use crate::error::Result;
use crate::schema::IndexSchema;
use std::sync::Arc;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};

/// Every analyzer of the schema, under its own name.
pub(crate) fn tokenizers(schema: &Arc<IndexSchema>) -> Result<TokenizerManager> {
    let manager = TokenizerManager::default();
    for definition in schema.analyzers.iter() {
        let analyzer = Analyzer::new(schema, &definition.name)?;
        let tokenizer = FieldTokenizer::new(analyzer);
        manager.register(&definition.name, TextAnalyzer::builder(tokenizer).build());
    }
    Ok(manager)
}
