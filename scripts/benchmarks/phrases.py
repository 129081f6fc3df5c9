"""The simplest rival: set phrases by family, as people who hunt for notes search for them, in several languages."""

from __future__ import annotations

from telltale.domain import DISCLOSURE_FAMILIES, Page, Verdict

PHRASES = {
    "refusal": (
        "i cannot fulfill", "i can't fulfill", "i cannot assist with", "i can't assist with", "i'm unable to assist",
        "i cannot help with", "i'm sorry, but i can", "i apologize, but i", "i am unable to", "as an ai language model",
        "as an ai, i", "as an ai assistant", "as a language model", "as a large language model", "goes against my guidelines",
        "en tant que modèle de langage", "en tant qu'ia", "je suis désolé, mais je ne peux pas", "je ne peux pas répondre à cette",
        "als ki-sprachmodell", "als ki-modell", "als sprachmodell", "es tut mir leid, aber ich kann", "como modelo de lenguaje",
        "lo siento, pero no puedo", "como modelo de linguagem", "desculpe, mas não posso", "come modello linguistico",
        "mi dispiace, ma non posso", "als ai-taalmodel", "het spijt me, maar ik kan", "jako model językowy", "przykro mi, ale nie mogę",
        "som en språkmodell", "som ai-språkmodell", "som en sprogmodel", "kielimallina", "как языковая модель", "я не могу выполнить",
        "як мовна модель", "bir yapay zeka dil modeli olarak", "sebagai model bahasa", "作为一个人工智能", "作为一个语言模型", "抱歉，我无法",
        "申し訳ありませんが", "言語モデルとして", "언어 모델로서", "죄송하지만", "كنموذج لغوي",
    ),
    "missing_input": (
        "please provide the article", "please provide the text", "please provide me with", "please paste the", "please share the",
        "no article was provided", "no text was provided", "you haven't provided", "you didn't provide", "it seems you forgot",
        "it looks like the article", "veuillez fournir", "merci de fournir le texte", "bitte geben sie den text",
        "bitte stellen sie den", "por favor, proporciona", "por favor, forneça", "fornisci il testo", "geef de tekst", "proszę podać tekst",
        "пожалуйста, предоставьте", "lütfen metni", "请提供", "テキストを提供", "텍스트를 제공",
    ),
    "preamble": (
        "here is the rewritten", "here's the rewritten", "here is a rewritten", "here's a rewritten", "here is the revised",
        "here's a revised", "here is the article", "here is your article", "here's an article", "certainly! here", "certainly, here",
        "sure! here", "sure, here", "sure thing!", "of course! here", "absolutely! here", "below is a rewritten", "below is the rewritten",
        "voici l'article", "voici une version", "voici le texte", "bien sûr ! voici", "hier ist der überarbeitete", "hier ist der artikel",
        "gerne, hier ist", "aquí está el artículo", "aquí tienes", "claro, aquí", "aqui está o artigo", "claro! aqui", "ecco l'articolo",
        "certo! ecco", "hier is het artikel", "hier is de herschreven", "oto artykuł", "oto przeredagowany", "här är artikeln",
        "her er artikkelen", "her er artiklen", "tässä on artikkeli", "вот переписанн", "конечно! вот", "ось переписан", "işte yeniden yazıl",
        "berikut adalah artikel", "以下是改写", "以下は", "다음은 다시",
    ),
    "closing_offer": (
        "let me know if you", "would you like me to", "feel free to ask", "i hope this helps", "if you'd like, i can",
        "if you need any further", "do you want me to", "happy to adjust", "n'hésitez pas à me", "souhaitez-vous que je", "voulez-vous que je",
        "möchten sie, dass ich", "lassen sie mich wissen", "wenn sie möchten, kann ich", "¿quieres que", "¿te gustaría que", "avísame si",
        "gostaria que eu", "me avise se", "vuoi che", "fammi sapere se", "wilt u dat ik", "laat me weten", "czy chcesz, żebym", "daj mi znać",
        "vill du att jag", "vil du at jeg", "haluatko, että", "дайте знать, если", "хотите, чтобы я", "isterseniz", "如果您需要", "希望这", "원하시면",
    ),
    "rewrite_note": (
        "this rewrite", "this rewritten version", "rewritten version", "i have rewritten", "i've rewritten", "i rewrote", "i have rephrased",
        "to avoid plagiarism", "this revised version", "i kept all the facts", "j'ai reformulé", "j'ai réécrit", "ich habe den text umgeschrieben",
        "umformuliert, um", "he reescrito", "he reformulado", "reescrevi", "ho riscritto", "ho riformulato", "ik heb de tekst herschreven",
        "przeredagowałem", "jag har skrivit om", "я переписал", "yeniden yazdım", "我改写",
    ),
    "slant_directive": (
        "neutral tone as requested", "to maintain a neutral tone", "from a conservative perspective", "from a liberal perspective",
        "as instructed, the tone", "in a positive light", "portrays him in", "framed to favor", "with a pro-", "the slant", "ton neutre",
        "im sinne der partei", "tono favorable", "tom favorável", "tono favorevole",
    ),
    "prompt_echo": (
        "rewrite the following", "rewrite this article", "write an article about", "write a 500", "write in the style of", "you are a journalist",
        "you are an experienced", "act as a", "summarize the following", "use the following keywords", "réécris l'article", "rédige un article",
        "schreibe einen artikel", "schreibe den folgenden", "reescribe el siguiente", "escribe un artículo", "reescreva o", "escreva um artigo",
        "riscrivi il seguente", "scrivi un articolo", "herschrijf het", "schrijf een artikel", "napisz artykuł", "skriv en artikel",
        "перепиши", "напиши статью", "makale yaz", "写一篇", "記事を書いて", "기사를 작성",
    ),
    "reasoning": (
        "the user wants", "the user asks", "the user asked", "okay, the user", "<think>", "</think>", "let me think", "i need to rewrite",
        "i should make sure", "i need to write", "l'utilisateur veut", "l'utilisateur demande", "der nutzer möchte", "der benutzer will",
        "el usuario quiere", "o usuário quer", "l'utente vuole", "de gebruiker wil", "użytkownik chce", "användaren vill", "пользователь хочет",
        "kullanıcı", "用户要求", "用户希望", "ユーザーは",
    ),
    "knowledge_cutoff": (
        "as of my last", "my last update", "knowledge cutoff", "my knowledge cut", "my training data", "last knowledge update", "up to my last",
        "i don't have access to real-time", "i do not have real-time", "i cannot browse", "ma dernière mise à jour", "mes données d'entraînement",
        "mein wissensstand", "meiner letzten aktualisierung", "meine trainingsdaten", "mi última actualización", "mis datos de entrenamiento",
        "minha última atualização", "meus dados de treinamento", "mio ultimo aggiornamento", "miei dati di addestramento", "mijn laatste update",
        "moja wiedza", "mina träningsdata", "моих данных", "моего последнего обновления", "bilgi kesim", "我的知识截止", "知識は", "제 지식",
    ),
    "placeholder": (
        "[insert", "[your name]", "[name]", "[date]", "[city]", "[team", "[company", "[link", "[add ", "[source", "{{", "xx%", "$xx", "lorem ipsum",
        "[nom", "[insérer", "[name der", "[einfügen", "[datum", "[nombre", "[insertar", "[nome", "[inserir", "[inserisci", "[naam", "[imię", "[вставьте",
        "[имя", "[isim", "[插入", "[名前",
    ),
    "seo_tail": (
        "meta description:", "meta title:", "seo title", "focus keyword", "focus keyphrase", "word count:", "slug:", "title tag", "keyword density",
        "suggested tags:", "méta-description", "meta-description", "mot-clé principal", "meta-beschreibung", "fokus-keyword", "meta descripción",
        "palabra clave", "meta descrição", "palavra-chave", "parola chiave", "metabeschrijving", "słowo kluczowe", "meta opis", "nyckelord:",
        "мета-описание", "ключевые слова:", "anahtar kelime", "元描述", "关键词：",
    ),
    "format_instruction": (
        "as requested, in", "h2 heading", "(h2", "in bullet points", "under 60 characters", "max 60 characters", "in html format", "in markdown",
        "within the word limit", "in 300 words", "format demandé", "in der gewünschten länge", "en el formato solicitado", "no formato solicitado",
        "nel formato richiesto",
    ),
    "other_leak": (
        "regenerate response", "chatgpt said", "chatgpt:", "oaicite", "contentreference", "turn0search", "utm_source=chatgpt", "option 1:",
        "headline options", "alternative headline", "suggested headline", "note to editor", "end of article", "copy code",
    ),
    "written_by_ai": (
        "written by ai", "generated by ai", "ai-generated", "ai generated", "written by artificial intelligence", "generated by artificial intelligence",
        "written by chatgpt", "produced by ai", "généré par une ia", "rédigé par une ia", "généré par l'ia", "von einer ki geschrieben", "ki-generiert",
        "mit ki erstellt", "von ki erstellt", "generado por ia", "escrito por una ia", "generado por inteligencia artificial", "gerado por ia",
        "escrito por inteligência artificial", "generato dall'ia", "scritto dall'intelligenza artificiale", "door ai geschreven", "ai-gegenereerd",
        "wygenerowany przez ai", "napisany przez sztuczną inteligencję", "skriven av ai", "ai-genererad", "skrevet av ki", "skrevet af ai",
        "tekoälyn kirjoittama", "сгенерирован", "написан искусственным интеллектом", "yapay zeka tarafından", "由人工智能生成", "由ai生成", "aiが生成",
        "ai가 작성",
    ),
    "ai_assisted": (
        "with the help of ai", "with the assistance of ai", "with the help of artificial intelligence", "assisted by ai", "ai-assisted",
        "artificial intelligence was used", "ai was used", "with ai assistance", "using ai tools", "avec l'aide de l'ia",
        "à l'aide de l'intelligence artificielle", "mit hilfe von ki", "mithilfe von ki", "mit unterstützung von ki", "mithilfe künstlicher intelligenz",
        "con ayuda de ia", "con la ayuda de inteligencia artificial", "com auxílio de ia", "com a ajuda de inteligência artificial", "con l'aiuto dell'ia",
        "con l'ausilio dell'intelligenza artificiale", "met behulp van ai", "met hulp van ai", "przy pomocy ai", "z pomocą sztucznej inteligencji",
        "med hjälp av ai", "med hjelp av ki", "med hjælp fra ai", "tekoälyn avulla", "с помощью искусственного интеллекта", "за допомогою штучного",
        "yapay zeka yardımıyla", "借助人工智能", "aiを使用", "ai의 도움",
    ),
    "ai_translated": (
        "translated by ai", "translated with ai", "machine translation", "machine-translated", "translated automatically", "automatically translated",
        "translated using", "traduit par une ia", "traduit automatiquement", "traduction automatique", "maschinell übersetzt", "automatisch übersetzt",
        "mit ki übersetzt", "traducido por ia", "traducción automática", "traducido automáticamente", "traduzido por ia", "tradução automática",
        "tradotto automaticamente", "traduzione automatica", "automatisch vertaald", "machinaal vertaald", "przetłumaczono automatycznie",
        "tłumaczenie maszynowe", "maskinöversatt", "maskinoversatt", "maskinoversat", "konekäänn", "машинный перевод", "автоматически переведен",
        "машинний переклад", "otomatik olarak çevril", "机器翻译", "機械翻訳", "기계 번역", "ترجمة آلية",
    ),
    "ai_summary": (
        "ai summary", "ai-generated summary", "summary generated by", "summarized by ai", "summarised by ai", "summary by ai", "ai overview",
        "résumé généré par", "résumé par ia", "ki-zusammenfassung", "zusammenfassung von ki", "zusammenfassung wurde", "resumen generado por",
        "resumo gerado por", "riassunto generato", "sintesi generata", "samenvatting door ai", "ai-samenvatting", "podsumowanie ai",
        "ai-sammanfattning", "ki-oppsummering", "tekoälyn tiivistelmä", "краткое содержание создано", "yapay zeka özeti", "ai 摘要", "ai摘要", "ai要約",
        "ai 요약",
    ),
    "automated_data_story": (
        "automatically generated", "generated automatically", "this story was generated by", "was generated by automated", "automated insights",
        "produced automatically", "computer-generated", "généré automatiquement", "automatisch generiert", "automatisch erstellt",
        "generado automáticamente", "gerado automaticamente", "generato automaticamente", "automatisch gegenereerd", "wygenerowany automatycznie",
        "wygenerowano automatycznie", "automatiskt genererad", "automatisk generert", "automatisk genereret", "automaattisesti", "автоматически создан",
        "створено автоматично", "otomatik olarak oluştur", "自动生成", "自動生成", "자동으로 생성",
    ),
}  # fmt: skip


def families_of(page: Page) -> tuple[str, ...]:
    """The families of which a phrase stands on the page, in any case; disclosures first."""
    text = "\n".join([page.title, page.byline, *(block.text for block in page.blocks)]).lower().replace("’", "'")
    found = [family for family, phrases in PHRASES.items() if any(phrase in text for phrase in phrases)]
    return tuple(sorted(found, key=lambda family: family not in DISCLOSURE_FAMILIES))


def verdict_of(families: tuple[str, ...]) -> Verdict:
    """What a page carries by its phrases: a disclosure outweighs leaks, as for the model."""
    if not families:
        return Verdict.NONE
    return Verdict.DISCLOSED if families[0] in DISCLOSURE_FAMILIES else Verdict.UNDISCLOSED
