/// What PageKit itself brings: texts, templates, style, scripts, pictures. A test compares the lists with the folders.
package enum OwnMaterial {
    /// The texts under "page.".
    package static let messages = [
        MessageSource(.simplifiedChinese, PackageResources.zh_Hans_json),
        MessageSource(.english, PackageResources.en_json),
    ]

    /// The layout, the parts pages are made of, and the pages that belong to no module.
    package static let templates = [
        TemplateSource("act-panels", PackageResources.act_panels_mustache),
        TemplateSource("care-bar", PackageResources.care_bar_mustache),
        TemplateSource("care-sizes", PackageResources.care_sizes_mustache),
        TemplateSource("choice", PackageResources.choice_mustache),
        TemplateSource("deadline", PackageResources.deadline_mustache),
        TemplateSource("digest", PackageResources.digest_mustache),
        TemplateSource("empty-state", PackageResources.empty_state_mustache),
        TemplateSource("error-summary", PackageResources.error_summary_mustache),
        TemplateSource("error", PackageResources.error_mustache),
        TemplateSource("explorer-block", PackageResources.explorer_block_mustache),
        TemplateSource("explorer-blocks", PackageResources.explorer_blocks_mustache),
        TemplateSource("explorer-tabs", PackageResources.explorer_tabs_mustache),
        TemplateSource("explorer-transaction", PackageResources.explorer_transaction_mustache),
        TemplateSource("explorer-transactions", PackageResources.explorer_transactions_mustache),
        TemplateSource("facts", PackageResources.facts_mustache),
        TemplateSource("figures", PackageResources.figures_mustache),
        TemplateSource("home", PackageResources.home_mustache),
        TemplateSource("icon-budget", PackageResources.icon_budget_mustache),
        TemplateSource("icon-check", PackageResources.icon_check_mustache),
        TemplateSource("icon-home", PackageResources.icon_home_mustache),
        TemplateSource("icon-ledger", PackageResources.icon_ledger_mustache),
        TemplateSource("icon-people", PackageResources.icon_people_mustache),
        TemplateSource("icon-phone", PackageResources.icon_phone_mustache),
        TemplateSource("icon-vote", PackageResources.icon_vote_mustache),
        TemplateSource("icon-service", PackageResources.icon_service_mustache),
        TemplateSource("icon-together", PackageResources.icon_together_mustache),
        TemplateSource("icon-person", PackageResources.icon_person_mustache),
        TemplateSource("icon-notice", PackageResources.icon_notice_mustache),
        TemplateSource("icon-desk", PackageResources.icon_desk_mustache),
        TemplateSource("icon-question", PackageResources.icon_question_mustache),
        TemplateSource("icon-chart", PackageResources.icon_chart_mustache),
        TemplateSource("layout", PackageResources.layout_mustache),
        TemplateSource("logo", PackageResources.logo_mustache),
        TemplateSource("moment", PackageResources.moment_mustache),
        TemplateSource("pagination", PackageResources.pagination_mustache),
        TemplateSource("pill", PackageResources.pill_mustache),
        TemplateSource("problem", PackageResources.problem_mustache),
        TemplateSource("reckoning", PackageResources.reckoning_mustache),
        TemplateSource("verdict", PackageResources.verdict_mustache),
        TemplateSource("verify-how", PackageResources.verify_how_mustache),
    ]

    /// The stylesheet's parts in the order of the cascade; served as one file, because a second would be a second request.
    package static let styles = [
        AssetFile("style-tokens.css", PackageResources.style_tokens_css),
        AssetFile("style-base.css", PackageResources.style_base_css),
        AssetFile("style-care.css", PackageResources.style_care_css),
        AssetFile("style-cards.css", PackageResources.style_cards_css),
        AssetFile("style-charts.css", PackageResources.style_charts_css),
        AssetFile("style-forms.css", PackageResources.style_forms_css),
        AssetFile("style-components.css", PackageResources.style_components_css),
        AssetFile("style-rooms.css", PackageResources.style_rooms_css),
        AssetFile("style-screens.css", PackageResources.style_screens_css),
    ]

    /// The stylesheet, the scripts and the pictures.
    package static let assets = [
        AssetFile("api.js", PackageResources.api_js),
        AssetFile("app.js", PackageResources.app_js),
        AssetFile("ballot.js", PackageResources.ballot_js),
        AssetFile("bytes.js", PackageResources.bytes_js),
        AssetFile("care.js", PackageResources.care_js),
        AssetFile("code.js", PackageResources.code_js),
        AssetFile("deliver.js", PackageResources.deliver_js),
        AssetFile("drafts.js", PackageResources.drafts_js),
        AssetFile("enrol.js", PackageResources.enrol_js),
        AssetFile("favicon.svg", PackageResources.favicon_svg),
        AssetFile("keys.js", PackageResources.keys_js),
        AssetFile("logo.svg", PackageResources.logo_svg),
        AssetFile("page.js", PackageResources.page_js),
        AssetFile("status.js", PackageResources.status_js),
        AssetFile("store.js", PackageResources.store_js),
        AssetFile("style.css", styles.flatMap(\.bytes)),
        AssetFile("transaction.js", PackageResources.transaction_js),
    ]
}
