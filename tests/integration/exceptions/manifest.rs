//! Placements of our own comments in a manifest.

use super::{allowed, hold};

/// The first two lines of every manifest here.
const POD: &str = "apiVersion: v1\nkind: Pod\n";

#[test]
fn a_comment_reaches_the_entry_or_item_that_follows_or_that_it_ends() {
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "an entry, on a line of its own",
            "spec:\n  hostPID: true\n  # seaworthy: allow host-network -- why\n  hostNetwork: true\n",
            &["host-network:6 comment (why)"],
        ),
        (
            "an entry, trailing",
            "spec:\n  hostNetwork: true  # seaworthy: allow host-network -- why\n",
            &["host-network:4 comment (why)"],
        ),
        (
            "an entry, trailing after another comment",
            "spec:\n  hostNetwork: true  # metrics # seaworthy: allow host-network -- why\n",
            &["host-network:4 comment (why)"],
        ),
        (
            "the first entry of a mapping, alone",
            "spec:\n  # seaworthy: allow host-network, host-pid -- why\n  hostNetwork: true\n  hostPID: true\n",
            &["host-network:5 comment (why)"],
        ),
        (
            "all that stands in an entry",
            "# seaworthy: allow host-network, host-pid -- why\nspec:\n  hostNetwork: true\n  hostPID: true\n",
            &["host-network:5 comment (why)", "host-pid:6 comment (why)"],
        ),
        (
            "all that stands in an entry, at the end of its key's line",
            "spec:  # seaworthy: allow host-pid -- why\n  hostNetwork: true\n  hostPID: true\n",
            &["host-pid:5 comment (why)"],
        ),
        (
            "what a pod lacks, at its spec",
            "# seaworthy: allow service-account-token-mounted -- why\nspec:\n  containers: [{name: api}]\n",
            &["service-account-token-mounted:4 comment (why)"],
        ),
        (
            "a list item, before it",
            "spec:\n  containers:\n  # seaworthy: allow may-run-as-root -- why\n  - name: api\n  - name: two\n",
            &["may-run-as-root:6 comment (why)"],
        ),
        (
            "a list item that is not the first",
            "spec:\n  containers:\n  - name: api\n  # seaworthy: allow may-run-as-root -- why\n  - name: two\n",
            &["may-run-as-root:7 comment (why)"],
        ),
        (
            "a list item, trailing on its first line",
            "spec:\n  containers:\n  - name: api  # seaworthy: allow privileged-container -- why\n    securityContext:\n      privileged: true\n",
            &["privileged-container:7 comment (why)"],
        ),
        (
            "a list item, after its dash",
            "spec:\n  containers:\n  -  # seaworthy: allow may-run-as-root -- why\n    name: api\n",
            &["may-run-as-root:6 comment (why)"],
        ),
        (
            "a list item that is indented",
            "spec:\n  containers:\n    # seaworthy: allow latest-tag -- why\n    - name: api\n      image: api:latest\n",
            &["latest-tag:7 comment (why)"],
        ),
        (
            "not the item's later lines from its first key",
            "spec:\n  containers:\n  - image: api:latest\n    # seaworthy: allow latest-tag -- why\n    name: api\n",
            &[],
        ),
        (
            "a whole list, trailing on its key",
            "spec:\n  containers:  # seaworthy: allow latest-tag -- why\n  - name: a\n    image: a:latest\n  - name: b\n    image: b:latest\n",
            &["latest-tag:6 comment (why)", "latest-tag:8 comment (why)"],
        ),
        (
            "a flow mapping on one line",
            "spec: {hostNetwork: true, hostPID: true}  # seaworthy: allow host-pid -- why\n",
            &["host-pid:3 comment (why)"],
        ),
        (
            "a flow mapping over several lines, one of its entries",
            "spec: {\n  hostNetwork: true, # seaworthy: allow host-network, host-pid -- why\n  hostPID: true\n  }\n",
            &["host-network:4 comment (why)"],
        ),
        (
            "a flow list's item, on a line of its own",
            "spec:\n  containers: [\n    # seaworthy: allow latest-tag -- why\n    {name: a, image: 'a:latest'},\n    {name: b, image: 'b:latest'},\n  ]\n",
            &["latest-tag:6 comment (why)"],
        ),
        (
            "nothing at the end of a document",
            "spec:\n  hostNetwork: true\n# seaworthy: allow host-network -- why\n",
            &[],
        ),
        (
            "not a text that looks like a comment",
            "metadata:\n  annotations:\n    note: |\n      # seaworthy: allow host-network -- why\nspec:\n  hostNetwork: true\n",
            &[],
        ),
        (
            "after a block of text",
            "metadata:\n  annotations:\n    note: |\n      words\n# seaworthy: allow host-network -- why\nspec:\n  hostNetwork: true\n",
            &["host-network:9 comment (why)"],
        ),
        (
            "trailing after a tab",
            "spec:\n  hostNetwork: true\t# seaworthy: allow host-network -- why\n",
            &["host-network:4 comment (why)"],
        ),
        (
            "a key whose value is a block of text",
            "spec:\n  containers:\n  - name: api\n    env:\n    - name: DB_PASSWORD\n      # seaworthy: allow secret-in-env -- why\n      value: |\n        hunter2hunter2\n",
            &["secret-in-env:9 comment (why)"],
        ),
        (
            "a block of text, at the end of its first line",
            "spec:\n  containers:\n  - name: api\n    env:\n    - name: DB_PASSWORD\n      value: |  # seaworthy: allow secret-in-env -- why\n        hunter2hunter2\n",
            &["secret-in-env:8 comment (why)"],
        ),
        (
            "blank lines and other comments between",
            "spec:\n  # seaworthy: allow host-network -- why\n\n  # the node's own\n  hostNetwork: true\n",
            &["host-network:7 comment (why)"],
        ),
        (
            "an anchor's own place",
            "spec: &spec  # seaworthy: allow host-network -- why\n  hostNetwork: true\n",
            &["host-network:4 comment (why)"],
        ),
        (
            "not the whole file from below its top",
            "# seaworthy: allow-file host-network -- why\nspec:\n  hostNetwork: true\n",
            &[],
        ),
    ];
    let texts: Vec<String> = rows.iter().map(|(_, text, _)| format!("{POD}{text}")).collect();
    let rows: Vec<_> = rows
        .iter()
        .zip(&texts)
        .map(|((shows, _, expected), text)| (*shows, text.as_str(), *expected))
        .collect();
    hold("pod.yaml", &rows);
}

#[test]
fn a_comment_before_an_item_of_a_list_of_objects_reaches_that_object() {
    let item = "- apiVersion: v1\n  kind: Pod\n  spec:\n    hostNetwork: true\n";
    let comment = "# seaworthy: allow host-network -- why\n";
    let list = |items: &str| format!("apiVersion: v1\nkind: List\nitems:\n{items}");
    hold(
        "pods.yaml",
        &[
            ("the first", &list(&format!("{comment}{item}{item}")), &["host-network:8 comment (why)"]),
            ("the second", &list(&format!("{item}{comment}{item}")), &["host-network:12 comment (why)"]),
            ("none at the end", &list(&format!("{item}{item}{comment}")), &[]),
            (
                "all of them, before the list's first key",
                &format!("{comment}{}", list(&format!("{item}{item}"))),
                &["host-network:12 comment (why)", "host-network:8 comment (why)"],
            ),
        ],
    );
}

#[test]
fn a_comment_before_a_document_reaches_that_document() {
    let pod = "apiVersion: v1\nkind: Pod\nspec: {hostNetwork: true}\n";
    let comment = "# seaworthy: allow host-network -- why\n";
    hold(
        "pods.yaml",
        &[
            ("its first key", &format!("{comment}{pod}"), &["host-network:4 comment (why)"]),
            ("above its marker", &format!("{comment}---\n{pod}"), &["host-network:5 comment (why)"]),
            ("at its marker", &format!("--- {comment}{pod}"), &["host-network:4 comment (why)"]),
            ("below its marker", &format!("---\n{comment}{pod}"), &["host-network:5 comment (why)"]),
            (
                "the second of two",
                &format!("{pod}---\n{comment}{pod}---\n{pod}"),
                &["host-network:8 comment (why)"],
            ),
            ("not the next from the end of one", &format!("{pod}{comment}---\n{pod}"), &[]),
        ],
    );
    let file = comment.replace("allow", "allow-file");
    hold(
        "pods.yaml",
        &[
            (
                "every document, from the top",
                &format!("{file}{pod}---\n{pod}"),
                &["host-network:4 comment (why)", "host-network:8 comment (why)"],
            ),
            (
                "every document, from above the first marker",
                &format!("# ours\n\n{file}---\n{pod}---\n{pod}"),
                &["host-network:11 comment (why)", "host-network:7 comment (why)"],
            ),
            (
                "every document, from above one that is nothing to us",
                &format!("{file}a: b\n---\n{pod}"),
                &["host-network:6 comment (why)"],
            ),
            ("none from the second document", &format!("{pod}---\n{file}{pod}"), &[]),
        ],
    );
}

#[test]
fn json_has_no_place_for_a_comment() {
    let text = r##"{"apiVersion": "v1", "kind": "Pod", "x": "# seaworthy: allow host-network -- why",
        "spec": {"hostNetwork": true}}"##;
    assert_eq!(allowed("pod.json", text), [""; 0]);
}
