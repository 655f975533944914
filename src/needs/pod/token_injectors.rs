//! Knows the annotations and labels that bring a client of the Kubernetes API into a pod, for the needs of its token.
//!
//! Sources: "Vault Agent Injector annotations" and "Kubernetes auth method" (HashiCorp Vault: logs in with the pod's
//! own token); "Mutating webhook" (Bank-Vaults); "Annotations and labels" (Consul on Kubernetes: the injected init
//! container logs in with the pod's token); "Kubernetes annotations and labels" (Kuma: the data plane shows the pod's
//! token to the control plane); "Sidecar injection" (OpenTelemetry Operator). The proxies of Istio and Linkerd and the
//! webhooks of cloud identities bring a projected token of their own, so they are not here.

use super::PodPlace;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};

/// An annotation or label by which something asks for the pod's token.
struct TokenInjector {
    key: &'static str,
    /// The client that comes with it.
    client: &'static str,
    certainty: NeedCertainty,
}

const fn token_injector(key: &'static str, client: &'static str, certainty: NeedCertainty) -> TokenInjector {
    TokenInjector { key, client, certainty }
}

const TOKEN_INJECTORS: [TokenInjector; 8] = [
    token_injector("vault.hashicorp.com/agent-inject", "the Vault agent", NeedCertainty::Shown),
    token_injector(
        "vault.security.banzaicloud.io/vault-addr",
        "Bank-Vaults' vault-env",
        NeedCertainty::Shown,
    ),
    token_injector(
        "vault.security.banzaicloud.io/vault-role",
        "Bank-Vaults' vault-env",
        NeedCertainty::Shown,
    ),
    token_injector("vault.security.banzaicloud.io/vault-agent", "the Vault agent", NeedCertainty::Shown),
    token_injector("consul.hashicorp.com/connect-inject", "Consul's data plane", NeedCertainty::Shown),
    token_injector("kuma.io/sidecar-injection", "Kuma's data plane", NeedCertainty::Shown),
    token_injector("akeyless/enabled", "the Akeyless injector", NeedCertainty::Shown),
    token_injector("sidecar.opentelemetry.io/inject", "an OpenTelemetry collector", NeedCertainty::Likely),
];

/// The values by which an annotation says no.
const REFUSALS: [&str; 5] = ["", "false", "disabled", "no", "0"];

pub(super) fn find_token_injectors(place: PodPlace<'_>, needs: &mut Vec<ProgramNeed>) {
    for injector in &TOKEN_INJECTORS {
        let lists = [("annotations", &place.pod.annotations), ("labels", &place.pod.labels)];
        let found = lists.into_iter().find(|(_, texts)| {
            texts.get(injector.key).is_some_and(|value| !REFUSALS.contains(&value.to_lowercase().as_str()))
        });
        let Some((list, _)) = found else { continue };
        let key = injector.key;
        needs.push(ProgramNeed {
            kind: NeedKind::ApiToken,
            certainty: injector.certainty,
            reason: format!(
                "the {} `{key}` brings {} into the pod, which logs in with its token",
                list.trim_end_matches('s'),
                injector.client
            )
            .into(),
            evidence: place
                .metadata_evidence(list, key, format!("`{key}` injects {}", injector.client))
                .into_iter()
                .collect(),
        });
    }
}
