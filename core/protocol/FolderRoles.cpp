// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/FolderRoles.h"

#include "core/protocol/ImapStatus.h"

#include <algorithm>
#include <array>

namespace avocet {
namespace {

struct AttributeRole {
    std::string_view attribute;
    FolderRole role;
};

constexpr std::array<AttributeRole, 8> attributes{{{"\\Drafts", FolderRole::Drafts},
                                                   {"\\Sent", FolderRole::Sent},
                                                   {"\\Archive", FolderRole::Archive},
                                                   {"\\Junk", FolderRole::Junk},
                                                   {"\\Trash", FolderRole::Trash},
                                                   {"\\All", FolderRole::All},
                                                   {"\\Flagged", FolderRole::Flagged},
                                                   {"\\Spam", FolderRole::Junk}}};

struct NamedRole {
    FolderRole role;
    std::vector<std::string_view> names; ///< as lowered() gives them; best first
};

const std::vector<NamedRole>& namedRoles()
{
    static const std::vector<NamedRole> table{
        {FolderRole::Drafts,
         {"drafts",    "draft",          "entwürfe",  "entwurf",   "brouillons",  "borradores",
          "bozze",     "rascunhos",      "concepten", "utkast",    "kladder",     "luonnokset",
          "szkice",    "wersje robocze", "koncepty",  "rozepsané", "piszkozatok", "taslaklar",
          "черновики", "чернетки",       "草稿",      "草稿箱",    "下書き",      "임시보관함",
          "טיוטות",    "مسودات"}},
        {FolderRole::Sent,
         {"sent",
          "sent items",
          "sent messages",
          "sent mail",
          "gesendet",
          "gesendete objekte",
          "gesendete elemente",
          "gesendete nachrichten",
          "envoyés",
          "éléments envoyés",
          "messages envoyés",
          "enviados",
          "elementos enviados",
          "posta inviata",
          "inviata",
          "inviati",
          "itens enviados",
          "verzonden",
          "verzonden items",
          "skickat",
          "skickade objekt",
          "sendt",
          "sendte elementer",
          "lähetetyt",
          "wysłane",
          "elementy wysłane",
          "odeslané",
          "odoslané",
          "elküldött",
          "gönderilmiş öğeler",
          "gönderilenler",
          "отправленные",
          "надіслані",
          "已发送",
          "已发送邮件",
          "寄件備份",
          "送信済み",
          "送信済みアイテム",
          "보낸편지함",
          "נשלחו",
          "المرسلة"}},
        {FolderRole::Trash,
         {"trash",
          "deleted items",
          "deleted messages",
          "deleted",
          "bin",
          "papierkorb",
          "gelöschte objekte",
          "gelöschte elemente",
          "gelöscht",
          "corbeille",
          "éléments supprimés",
          "papelera",
          "elementos eliminados",
          "cestino",
          "posta eliminata",
          "lixeira",
          "itens excluídos",
          "lixo",
          "prullenbak",
          "verwijderde items",
          "papperskorg",
          "borttaget",
          "papirkurv",
          "slettede elementer",
          "roskakori",
          "kosz",
          "elementy usunięte",
          "koš",
          "odstraněná pošta",
          "kôš",
          "kuka",
          "lomtár",
          "çöp kutusu",
          "silinmiş öğeler",
          "корзина",
          "удаленные",
          "кошик",
          "已删除",
          "已删除邮件",
          "垃圾桶",
          "ゴミ箱",
          "削除済みアイテム",
          "휴지통",
          "אשפה",
          "المهملات"}},
        {FolderRole::Junk,
         {"junk",
          "spam",
          "junk e-mail",
          "junk email",
          "junk mail",
          "bulk mail",
          "spamverdacht",
          "junk-e-mail",
          "unerwünscht",
          "indésirables",
          "courrier indésirable",
          "pourriel",
          "correo no deseado",
          "posta indesiderata",
          "lixo eletrônico",
          "ongewenste e-mail",
          "skräppost",
          "søppelpost",
          "uønsket e-mail",
          "roskaposti",
          "wiadomości-śmieci",
          "nevyžádaná pošta",
          "nevyžiadaná pošta",
          "levélszemét",
          "gereksiz e-posta",
          "спам",
          "垃圾邮件",
          "垃圾郵件",
          "迷惑メール",
          "스팸메일함"}},
        {FolderRole::Archive,
         {"archive", "archives", "archiv", "archivo", "archivio", "arquivo", "archief", "arkiv",
          "arkisto", "archiwum", "archív", "archívum", "arşiv", "архив", "архів", "归档", "封存",
          "アーカイブ", "보관함"}},
        {FolderRole::All, {"all mail", "alle nachrichten", "tous les messages", "todos"}},
        {FolderRole::Flagged, {"starred", "flagged", "markiert", "suivis"}}};
    return table;
}

/// Capitals as far as the names below need it: ASCII, Latin-1 and Cyrillic.
std::string lowered(std::string_view text)
{
    std::string result(text);
    for (std::size_t i = 0; i < result.size(); ++i) {
        char& c = result[i];
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
        if (i + 1 == result.size())
            break;
        const auto lead = static_cast<unsigned char>(c);
        const auto next = static_cast<unsigned char>(result[i + 1]);
        const auto set = [&](unsigned code) {
            c = static_cast<char>(0xC0 | (code >> 6));
            result[i + 1] = static_cast<char>(0x80 | (code & 63));
        };
        if (lead == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97)
            set(0xC0u + next - 0x80u + 0x20u);
        else if (lead == 0xD0 && next >= 0x90 && next <= 0xAF)
            set(0x400u + next - 0x80u + 0x20u);
        else if (lead == 0xD0 && next <= 0x8F)
            set(0x400u + next - 0x80u + 0x50u);
    }
    return result;
}

/// The name to compare: the last component, where the mailbox lies high enough.
std::string comparableName(const ListedMailbox& mailbox)
{
    std::string_view name = mailbox.path;
    if (mailbox.delimiter) {
        for (const std::string_view root : {"INBOX", "[Gmail]", "[Google Mail]"}) {
            if (name.size() > root.size() && startsNoCase(name, root) &&
                name[root.size()] == mailbox.delimiter) {
                name.remove_prefix(root.size() + 1);
                break;
            }
        }
        if (name.find(mailbox.delimiter) != name.npos)
            return {};
    }
    return lowered(name);
}

} // namespace

std::optional<FolderRole> roleOfAttribute(std::string_view attribute)
{
    for (const AttributeRole& known : attributes) {
        if (equalsNoCase(known.attribute, attribute))
            return known.role;
    }
    return std::nullopt;
}

void assignRolesByName(std::vector<ListedMailbox>& mailboxes)
{
    std::vector<std::string> names;
    for (ListedMailbox& mailbox : mailboxes) {
        if (equalsNoCase(mailbox.mailbox, "INBOX"))
            mailbox.role = FolderRole::Inbox;
        names.push_back(mailbox.selectable ? comparableName(mailbox) : std::string());
    }
    for (const NamedRole& wanted : namedRoles()) {
        const bool taken = std::any_of(mailboxes.begin(), mailboxes.end(),
                                       [&](const auto& m) { return m.role == wanted.role; });
        for (std::size_t n = 0; !taken && n < wanted.names.size(); ++n) {
            const auto found = std::find(names.begin(), names.end(), wanted.names[n]);
            if (found == names.end())
                continue;
            ListedMailbox& mailbox = mailboxes[static_cast<std::size_t>(found - names.begin())];
            if (mailbox.role != FolderRole::None)
                continue;
            mailbox.role = wanted.role;
            break;
        }
    }
}

} // namespace avocet
