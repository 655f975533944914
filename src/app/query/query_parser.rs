//! Reads the text of a search: words, `field:value`, comparisons, `!` before a term, quotes, commas between values.

use std::ops::Range;

use super::finding_query::{QueryTerm, TermTest};
use super::fix_risk_class::FixRiskClass;
use super::query_fault::QueryFault;
use super::query_field::{FindingState, QueryField};
use super::text_needle::TextNeedle;
use crate::base::find_nearest_name;
use crate::finding::Severity;
use crate::repo::is_plain_revision;
use crate::rules::RuleTheme;

/// How a field is compared with a value; the longer signs first, since the others begin them.
const OPERATORS: [&str; 6] = [">=", "<=", ":", "=", ">", "<"];

/// One character of a term, and whether it stands in quotes.
type QuotedChar = (char, bool);

/// A term before its meaning is known.
pub(super) struct RawTerm {
    pub span: Range<usize>,
    pub is_negated: bool,
    characters: Vec<QuotedChar>,
}

/// The terms of a text, and what is wrong with them.
pub(super) fn parse_terms(text: &str) -> (Vec<QueryTerm>, Vec<QueryFault>) {
    let mut faults = Vec::new();
    let terms = split_terms(text).into_iter().map(|raw| {
        let test = parse_test(&raw.characters, &mut faults);
        QueryTerm { span: raw.span, is_negated: raw.is_negated, test }
    });
    let terms: Vec<QueryTerm> = terms.collect();
    (terms, faults)
}

/// Parts a text at blanks outside of quotes. A quote that is not closed goes to the end.
pub(super) fn split_terms(text: &str) -> Vec<RawTerm> {
    let mut terms = Vec::new();
    let mut term: Option<RawTerm> = None;
    let mut in_quotes = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && !in_quotes {
            terms.extend(term.take());
            continue;
        }
        let next = at + c.len_utf8();
        let open =
            term.get_or_insert_with(|| RawTerm { span: at..at, is_negated: false, characters: Vec::new() });
        let begins = open.span.is_empty();
        open.span.end = next;
        match c {
            '"' => in_quotes = !in_quotes,
            '!' if begins => open.is_negated = true,
            _ => open.characters.push((c, in_quotes)),
        }
    }
    terms.extend(term);
    terms
}

impl RawTerm {
    /// The name, the operator and the value, where the term has the form of a field.
    pub(super) fn split_field(&self) -> Option<(String, &'static str, String)> {
        let (name, operator, value) = split_field(&self.characters)?;
        Some((name, operator, plain_text(value)))
    }

    /// The text without quotes and without the negation.
    pub(super) fn plain_text(&self) -> String {
        plain_text(&self.characters)
    }
}

fn plain_text(characters: &[QuotedChar]) -> String {
    characters.iter().map(|(c, _)| c).collect()
}

/// A field's name is letters outside of quotes, with an operator at once after it.
fn split_field(characters: &[QuotedChar]) -> Option<(String, &'static str, &[QuotedChar])> {
    let is_letter = |(c, quoted): &QuotedChar| c.is_ascii_alphabetic() && !quoted;
    let end = characters.iter().position(|c| !is_letter(c)).filter(|end| *end > 0)?;
    let rest = &characters[end..];
    let begins = |operator: &str| {
        let mut own = operator.chars();
        rest.len() >= operator.len()
            && rest.iter().take(operator.len()).all(|(c, quoted)| !quoted && own.next() == Some(*c))
    };
    let operator = OPERATORS.into_iter().find(|operator| begins(operator))?;
    Some((plain_text(&characters[..end]).to_ascii_lowercase(), operator, &rest[operator.len()..]))
}

fn parse_test(characters: &[QuotedChar], faults: &mut Vec<QueryFault>) -> TermTest {
    let word = |text: String| {
        if text.is_empty() { TermTest::Unfinished } else { TermTest::Word(TextNeedle::new(&text)) }
    };
    let Some((name, operator, value)) = split_field(characters) else {
        return word(plain_text(characters));
    };
    let Some(field) = QueryField::of_name(&name) else {
        let nearest = find_nearest_name(&name, QueryField::ALL.into_iter().map(QueryField::name));
        faults.push(QueryFault::UnknownField { name, nearest });
        return word(plain_text(characters));
    };
    let is_comparison = !matches!(operator, ":" | "=");
    if is_comparison && field != QueryField::Severity {
        faults.push(QueryFault::WrongOperator { field, operator });
        return TermTest::Impossible;
    }
    let values: Vec<String> = value
        .split(|(c, quoted)| *c == ',' && !quoted)
        .map(plain_text)
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() {
        return TermTest::Unfinished;
    }
    let test = match field {
        QueryField::Severity => choose_values(&values, &Severity::ALL, Severity::name)
            .map(|chosen| compare_severity(operator, &chosen)),
        QueryField::Theme => choose_values(&values, &RuleTheme::ALL, RuleTheme::name).map(TermTest::Theme),
        QueryField::State => {
            choose_values(&values, &FindingState::ALL, FindingState::name).map(TermTest::State)
        }
        QueryField::Risk => {
            let values: Vec<String> = values.into_iter().map(name_risk).collect();
            choose_values(&values, &FixRiskClass::ALL, FixRiskClass::name).map(TermTest::Risk)
        }
        QueryField::Since => match values.first().filter(|revision| is_plain_revision(revision)) {
            Some(revision) => Ok(TermTest::Since(revision.clone())),
            None => Err((values.join(","), None)),
        },
        QueryField::Rule | QueryField::App | QueryField::Kind | QueryField::Path => {
            let values = values.iter().map(|value| TextNeedle::new(value)).collect();
            Ok(TermTest::Text { field, is_exact: operator == "=", values })
        }
    };
    test.unwrap_or_else(|(value, nearest)| {
        faults.push(QueryFault::UnknownValue { field, value, nearest });
        TermTest::Impossible
    })
}

/// The values whose names begin with what was typed: `may` is `may-break`.
///
/// # Errors
/// The first text that begins none, and the nearest name.
fn choose_values<T: Copy>(
    typed: &[String],
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, (String, Option<&'static str>)> {
    let mut chosen = Vec::new();
    for text in typed {
        let lower = text.to_ascii_lowercase();
        let before = chosen.len();
        chosen.extend(all.iter().copied().filter(|value| name(*value).starts_with(&lower)));
        if chosen.len() == before {
            let nearest = find_nearest_name(&lower, all.iter().map(|value| name(*value)));
            return Err((text.clone(), nearest));
        }
    }
    Ok(chosen)
}

/// The search's word for a risk as it is typed: what the screen calls safe is what nothing speaks against.
fn name_risk(typed: String) -> String {
    if typed.eq_ignore_ascii_case("safe") { FixRiskClass::None.name().to_owned() } else { typed }
}

fn compare_severity(operator: &str, chosen: &[Severity]) -> TermTest {
    let passes = |severity: &Severity| {
        chosen.iter().any(|wanted| match operator {
            ">=" => severity >= wanted,
            "<=" => severity <= wanted,
            ">" => severity > wanted,
            "<" => severity < wanted,
            _ => severity == wanted,
        })
    };
    TermTest::Severity(Severity::ALL.into_iter().filter(passes).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tests_of(text: &str) -> Vec<(bool, TermTest)> {
        parse_terms(text).0.into_iter().map(|term| (term.is_negated, term.test)).collect()
    }

    fn faults_of(text: &str) -> Vec<QueryFault> {
        parse_terms(text).1
    }

    fn word(text: &str) -> TermTest {
        TermTest::Word(TextNeedle::new(text))
    }

    #[test]
    fn words_quotes_and_negations() {
        assert_eq!(tests_of("  Root  !user "), [(false, word("root")), (true, word("user"))]);
        assert_eq!(tests_of(r#""run as root" !"a b"#), [(false, word("run as root")), (true, word("a b"))]);
        assert_eq!(tests_of(r#""sev:high""#), [(false, word("sev:high"))], "in quotes nothing is a field");
        assert_eq!(tests_of("! a!b"), [(true, TermTest::Unfinished), (false, word("a!b"))]);
        assert_eq!(tests_of("8080:80"), [(false, word("8080:80"))], "no name, so no field");
        assert_eq!(faults_of(r#"root "sev:high" 8080:80"#), []);
    }

    #[test]
    fn fields_with_one_value_or_several() {
        let severities = |text| match &tests_of(text)[..] {
            [(false, TermTest::Severity(severities))] => severities.clone(),
            other => panic!("{text}: {other:?}"),
        };
        use Severity::{Critical, High, Info, Low, Medium};
        assert_eq!(severities("sev:high"), [High]);
        assert_eq!(severities("SEV:H,crit"), [Critical, High]);
        assert_eq!(severities("sev>=medium"), [Critical, High, Medium]);
        assert_eq!(severities("sev<l"), [Info]);
        assert_eq!(severities("sev>low"), [Critical, High, Medium]);
        assert_eq!(severities("sev<=low"), [Low, Info]);
        assert_eq!(
            tests_of("risk:may,by"),
            [(false, TermTest::Risk(vec![FixRiskClass::MayBreak, FixRiskClass::ByHand]))]
        );
        assert_eq!(
            tests_of("risk:Safe"),
            [(false, TermTest::Risk(vec![FixRiskClass::None]))],
            "a screen's word"
        );
        assert_eq!(tests_of("!is:new"), [(true, TermTest::State(vec![FindingState::New]))]);
        let path = |values: &[&str], is_exact| {
            let values = values.iter().map(|value| TextNeedle::new(value)).collect();
            TermTest::Text { field: QueryField::Path, is_exact, values }
        };
        assert_eq!(tests_of(r#"path:"a b,c",d"#), [(false, path(&["a b,c", "d"], false))]);
        assert_eq!(tests_of("path=a/b.yaml"), [(false, path(&["a/b.yaml"], true))]);
        assert_eq!(tests_of("rule: sev>="), [(false, TermTest::Unfinished), (false, TermTest::Unfinished)]);
    }

    #[test]
    fn what_is_unknown_is_named_and_never_ignored() {
        assert_eq!(tests_of("sev:hgih"), [(false, TermTest::Impossible)]);
        let unknown =
            |field, value: &str, nearest| QueryFault::UnknownValue { field, value: value.into(), nearest };
        assert_eq!(faults_of("sev:hgih"), [unknown(QueryField::Severity, "hgih", Some("high"))]);
        assert_eq!(faults_of("is:new,quux"), [unknown(QueryField::State, "quux", None)]);
        assert_eq!(tests_of("ruel:root"), [(false, word("ruel:root"))]);
        assert_eq!(
            faults_of("ruel:root"),
            [QueryFault::UnknownField { name: "ruel".into(), nearest: Some("rule") }]
        );
        let wrong = QueryFault::WrongOperator { field: QueryField::Rule, operator: ">=" };
        assert_eq!(faults_of("rule>=a"), [wrong]);
    }

    proptest! {
        /// Whatever is typed is read, letter by letter, and each place of a term is one of the text.
        #[test]
        fn any_text_is_read_and_its_terms_stand_in_it_in_order(text in r#"[a-z!:=<>", äß端-]{0,24}"#) {
            let (terms, _) = parse_terms(&text);
            let mut end = 0;
            for term in &terms {
                prop_assert!(term.span.start >= end && term.span.start < term.span.end);
                prop_assert!(text.get(term.span.clone()).is_some());
                end = term.span.end;
            }
            let left: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let covered: String = terms.iter().map(|term| &text[term.span.clone()]).collect();
            let covered: String = covered.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(covered, left, "nothing is passed over in silence");
        }

        /// A term that means nothing is always named.
        #[test]
        fn what_can_find_nothing_is_named(text in "(sev|is|risk|theme|rule|app|pth)(:|=|>=|<)[a-z-]{1,8}") {
            let (terms, faults) = parse_terms(&text);
            let is_impossible = terms.iter().any(|term| term.test == TermTest::Impossible);
            let names_field = faults.iter().any(|fault| matches!(fault, QueryFault::UnknownField { .. }));
            prop_assert_eq!(is_impossible, !faults.is_empty() && !names_field);
        }

        /// The quoted form of any words is looked for as it stands.
        #[test]
        fn quotes_take_every_meaning_away(text in "[a-z!:=<>, -]{1,16}") {
            let terms = tests_of(&format!("\"{text}\""));
            prop_assert_eq!(terms, vec![(false, word(&text))]);
        }
    }
}
