//! The annotated script: a list of spans, and the ways to print it.

/// Syntactic class of a piece of text; decides its foreground colour.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Style {
    Plain, Keyword, Command, Lvalue, Expansion, Double, Single, Ansi, Escape, Comment, Heredoc, Math,
}

/// What the hardening does with a piece of text.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Edit {
    Keep,
    Delete,
    Insert,
}

/// A piece of original or suggested text.
pub struct Span {
    pub edit: Edit,
    pub style: Style,
    pub text: Vec<u8>,
}

/// Which view of the spans to print.
#[derive(Clone, Copy, PartialEq)]
pub enum View {
    Suggest,
    Syntax,
    SyntaxSuggest,
    Transform,
}

impl Style {
    /// ANSI parameters that select this style.
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Keyword => "0;1",
            Style::Command => "0;38;2;192;0;128",
            Style::Lvalue => "0;38;2;0;127;255",
            Style::Expansion => "0;38;2;63;127;207",
            Style::Double => "0;38;2;255;0;0",
            Style::Single => "0;38;2;255;204;85",
            Style::Ansi => "0;38;2;255;128;0",
            Style::Escape => "0;1;38;2;255;0;128",
            Style::Comment => "0;1;3;38;2;120;144;96",
            Style::Heredoc => "0;38;2;128;32;0",
            Style::Math => "0;38;2;192;0;192",
        }
    }
}

impl Span {
    /// ANSI parameters for this span in a view, or None if it is not shown.
    fn code(&self, view: View) -> Option<&'static str> {
        match (view, self.edit) {
            (View::Transform, Edit::Delete) | (View::Syntax, Edit::Insert) => None,
            (View::Transform, _) | (View::Suggest, Edit::Keep) => Some(""),
            (View::Syntax, _) | (_, Edit::Keep) => Some(self.style.code()),
            (_, Edit::Delete) => Some("0;41"),
            (_, Edit::Insert) => Some("0;42"),
        }
    }
}

/// Print spans, writing an escape sequence only where the colour changes.
pub fn render(spans: &[Span], view: View) -> Vec<u8> {
    let mut out = Vec::new();
    let mut current = "";
    for span in spans.iter().filter(|s| !s.text.is_empty()) {
        if let Some(code) = span.code(view) {
            switch_color(&mut out, &mut current, code);
            out.extend_from_slice(&span.text);
        }
    }
    switch_color(&mut out, &mut current, "");
    out
}

/// Emit the sequence that leads from one colour to another, if they differ.
fn switch_color(out: &mut Vec<u8>, current: &mut &'static str, code: &'static str) {
    if *current != code {
        out.extend_from_slice(format!("\x1b[{}m", code).as_bytes());
        *current = code;
    }
}

/// Whether any span suggests a change.
pub fn has_changes(spans: &[Span]) -> bool {
    spans.iter().any(|s| s.edit != Edit::Keep)
}
