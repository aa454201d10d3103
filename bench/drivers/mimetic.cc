// mimetic - measures mimetic: corpus FOLDER; prints what mime.tcl prints.
#include "common.h"
#include <iterator>
#include <mimetic/codec/codec.h>
#include <mimetic/mimetic.h>

static long leaves, decoded;

template <class Decoder> static void decode(const mimetic::Body &body, Decoder decoder) {
    std::string target;
    target.reserve(body.size());
    mimetic::code(body.begin(), body.end(), decoder, std::back_inserter(target));
    decoded += target.size();
}

static void visit(mimetic::MimeEntity &entity) {
    mimetic::MimeEntityList &parts = entity.body().parts();
    for (mimetic::MimeEntity *part : parts) visit(*part);
    if (!parts.empty()) return;
    std::string encoding = entity.header().contentTransferEncoding().str();
    leaves++;
    if (!strcasecmp(encoding.c_str(), "base64")) decode(entity.body(), mimetic::Base64::Decoder());
    else if (!strcasecmp(encoding.c_str(), "quoted-printable")) decode(entity.body(), mimetic::QP::Decoder());
    else decoded += entity.body().size();
}

static void run(void *context) {
    Folder *folder = static_cast<Folder *>(context);
    leaves = decoded = 0;
    for (int i = 0; i < folder->count; i++) {
        mimetic::MimeEntity entity;
        entity.load(folder->mails[i].octets, folder->mails[i].octets + folder->mails[i].count);
        visit(entity);
    }
}

int main(int count, char **words) {
    if (count != 3 || strcmp(words[1], "corpus")) return 2;
    Folder folder = load(words[2]);
    double secs = seconds(run, &folder);
    report(secs, folder.octets, leaves, decoded);
    return 0;
}
